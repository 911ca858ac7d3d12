"""Project content: the sources of a run, of which only changed files are sent."""

import uuid
from typing import Any

from azureml_emulator.exchange import HttpError, Request, Response, reply, route
from azureml_emulator.places import BLOB_HOST, SNAPSHOT_CONTAINER, WS, now
from azureml_emulator.state import State

CONTENT = "/content/v2.0" + WS + "/snapshots"
NO_SNAPSHOT = "00000000-0000-0000-0000-000000000000"


@route("aml", "GET", "/content/v1.0" + WS + "/snapshots/latest/metadata")
def latest(state: State, request: Request, **_: str) -> Response:
    """What a client without a memory compares with: nothing."""
    root = {
        "name": "",
        "hash": None,
        "type": "Directory",
        "timestamp": now(),
        "sasUrl": None,
        "absoluteUrl": None,
        "sizeBytes": 0,
        "sizeSet": False,
        "children": {},
    }
    return reply({"id": NO_SNAPSHOT, "root": root})


@route("aml", "POST", CONTENT + "/getblob")
def places_for(state: State, request: Request, **_: str) -> Response:
    """Where the files are to be put."""
    folder = uuid.uuid4().hex
    nodes = [
        {
            "fullName": name,
            "blobUri": state.tokens.address(SNAPSHOT_CONTAINER, f"{folder}/{name}"),
        }
        for name in request.json()["FileNames"]
    ]
    return reply({"fileNodes": nodes})


@route("aml", "POST", CONTENT + "/{sid}")
def create(state: State, request: Request, sid: str, **_: str) -> Response:
    """Make a snapshot of what was sent now and of what its parent has."""
    body = request.json()
    parent = state.snapshots.get(body.get("ParentSnapshotId") or "", {})
    sent = {
        node["FullName"]: _name_in(node["BlobUri"])
        for node in body["FileRevisionList"]["FileNodes"]
    }
    known = {**parent, **sent}
    names = _files_of(body["DirTreeNode"])
    missing = sorted(names - known.keys())
    if missing:  # the client then forgets the parent and sends everything
        raise HttpError(400, "UserError", f"No content for {missing[:5]}.")
    files = {name: known[name] for name in names}
    _check_size(state, files)
    state.snapshots[sid] = files
    return reply({"id": sid})


def _check_size(state: State, files: dict[str, str]) -> None:
    blobs = [state.blobs.get(SNAPSHOT_CONTAINER, name) for name in files.values()]
    size, limit = sum(blob.size for blob in blobs if blob), state.settings.snapshot_limit_bytes
    if size > limit:
        raise HttpError(
            413,
            "RequestEntityTooLarge",
            f"The total snapshot size of {size} bytes exceeds the limit of {limit} bytes.",
        )


def _name_in(address: str) -> str:
    return address.partition("?")[0].removeprefix(f"https://{BLOB_HOST}/{SNAPSHOT_CONTAINER}/")


def _files_of(node: dict[str, Any], prefix: str = "") -> set[str]:
    names: set[str] = set()
    for name, child in (node.get("children") or {}).items():
        path = f"{prefix}{name}"
        names |= {path} if child["type"] == "File" else _files_of(child, path + "/")
    return names
