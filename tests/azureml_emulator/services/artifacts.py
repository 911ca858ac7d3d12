"""Artifacts: the files of runs ("Outputs and Logs"), and of models that were uploaded by hand."""

from typing import Any

from azureml_emulator.exchange import HttpError, Request, Response, page, reply, route
from azureml_emulator.places import ARTIFACT_CONTAINER, WS, now
from azureml_emulator.state import State

ARTIFACTS = "/artifact/v2.0" + WS + "/artifacts"
PLACE = "/{origin}/{container}"


@route("aml", "POST", ARTIFACTS + "/batch/metadata" + PLACE)
def create(state: State, request: Request, origin: str, container: str, **_: str) -> Response:
    """Where new files are to be put."""
    paths = [entry["path"] for entry in request.json()["paths"]]
    return reply(
        {
            "artifacts": {path: _described(origin, container, path) for path in paths},
            "artifactContentInformation": {
                path: _content(state, origin, container, path) for path in paths
            },
            "errors": {},
        }
    )


@route("aml", "GET", ARTIFACTS + PLACE)
def list_all(state: State, request: Request, origin: str, container: str, **_: str) -> Response:
    """All files of a run."""
    names = _names(state, origin, container)
    return _reply_page(state, request, [_described(origin, container, name) for name in names])


@route("aml", "GET", ARTIFACTS + "/prefix/contentinfo" + PLACE)
@route("aml", "GET", ARTIFACTS + "/prefix/contentinfo" + PLACE + "/{path*}")
def list_below(
    state: State, request: Request, origin: str, container: str, path: str = "", **_: str
) -> Response:
    """The files below a folder, with addresses."""
    folder = path.rstrip("/")
    names = [
        name
        for name in _names(state, origin, container)
        if not folder or name == folder or name.startswith(folder + "/")
    ]
    return _reply_page(state, request, [_content(state, origin, container, n) for n in names])


@route("aml", "GET", ARTIFACTS + "/contentinfo" + PLACE + "/{path*}")
def content(
    state: State, request: Request, origin: str, container: str, path: str, **_: str
) -> Response:
    """The address of one file."""
    is_there = state.blobs.artifact_path(origin, container, path).is_file()
    if not is_there or state.is_withheld(_shown_path(container, path), in_list=False):
        raise HttpError(404, "NotFound", f"Artifact {origin}/{container}/{path} was not found.")
    return reply(_content(state, origin, container, path))


def _names(state: State, origin: str, container: str) -> list[str]:
    prefix = f"{origin}/{container}/"
    names = [
        blob.name.removeprefix(prefix) for blob in state.blobs.below(ARTIFACT_CONTAINER, prefix)
    ]
    return [
        name for name in names if not state.is_withheld(_shown_path(container, name), in_list=True)
    ]


def _shown_path(container: str, path: str) -> str:
    return f"{container.removeprefix('dcid.')}/{path}"


def _reply_page(state: State, request: Request, items: list[dict[str, Any]]) -> Response:
    shown, following = page(items, state.settings.page_size, request.q("continuationToken"))
    return reply({"value": shown, "continuationToken": following})


def _described(origin: str, container: str, path: str) -> dict[str, Any]:
    return {
        "artifactId": f"{origin}/{container}/{path}",
        "origin": origin,
        "container": container,
        "path": path,
        "etag": '"0"',
        "createdTime": now(),
    }


def _content(state: State, origin: str, container: str, path: str) -> dict[str, Any]:
    address = state.tokens.address(ARTIFACT_CONTAINER, f"{origin}/{container}/{path}")
    return {"origin": origin, "container": container, "path": path, "contentUri": address}
