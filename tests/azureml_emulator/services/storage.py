"""Blob storage: lists, whole blobs, parts of them, and blobs made of blocks."""

import re
import uuid
from email.utils import format_datetime
from xml.sax.saxutils import escape

from azureml_emulator.blobs import Blob, md5_of
from azureml_emulator.exchange import HttpError, Request, Response, page, route
from azureml_emulator.places import ARTIFACT_CONTAINER
from azureml_emulator.state import State

XML = '<?xml version="1.0" encoding="utf-8"?>'


@route("blob", "GET", "/{container}")
def list_blobs(state: State, request: Request, container: str) -> Response:
    """The blobs of a container whose names begin with a text, page by page."""
    state.tokens.check_access(request, container, "", "l")
    size = min(int(request.q("maxresults") or 5000), state.settings.blob_page_size)
    found = list(state.blobs.below(container, request.q("prefix")))
    shown, following = page(found, size, request.q("marker"))
    blobs = "".join(_listed(blob) for blob in shown)
    marker = f"<NextMarker>{following}</NextMarker>" if following else "<NextMarker/>"
    xml = f"{XML}<EnumerationResults><Blobs>{blobs}</Blobs>{marker}</EnumerationResults>"
    return Response(200, xml.encode(), {"Content-Type": "application/xml"})


@route("blob", "HEAD", "/{container}")
def describe_container(state: State, request: Request, container: str) -> Response:
    """Whether a container is there."""
    state.tokens.check_access(request, container, "", "r")
    if not state.blobs.path(container).is_dir():
        raise HttpError(404, "ContainerNotFound", "The specified container does not exist.")
    return Response(200, b"", _stamped())


@route("blob", "GET HEAD", "/{container}/{name*}")
def get(state: State, request: Request, container: str, name: str) -> Response:
    """A blob, or the range of bytes that was asked for."""
    state.tokens.check_access(request, container, name, "r")
    blob = _existing(state, container, name)
    headers = _headers(blob) | {"Content-Type": "application/octet-stream"}
    wanted = request.headers.get("x-ms-range") or request.headers.get("Range") or ""
    found = re.match(r"bytes=(\d+)-(\d*)$", wanted)
    if request.method == "HEAD":
        return Response(200, b"", headers | {"Content-Length": str(blob.size)})
    if not found:
        return Response(200, blob.path.read_bytes(), headers)
    start = int(found[1])
    if start >= blob.size:
        raise HttpError(416, "InvalidRange", "The range specified is invalid.")
    with blob.path.open("rb") as stream:
        stream.seek(start)
        part = stream.read(int(found[2]) + 1 - start if found[2] else -1)
    headers.pop("Content-MD5", None)
    headers["Content-Range"] = f"bytes {start}-{start + len(part) - 1}/{blob.size}"
    if request.headers.get("x-ms-range-get-content-md5"):
        headers["Content-MD5"] = md5_of(part)
    return Response(206, part, headers)


@route("blob", "PUT", "/{container}/{name*}")
def put(state: State, request: Request, container: str, name: str) -> Response:
    """A whole blob, one block of a blob, or the list of the blocks that make one."""
    state.tokens.check_access(request, container, name, "w")
    data, stated_md5 = request.body, request.headers.get("Content-MD5")
    if stated_md5 and stated_md5 != md5_of(data):
        raise HttpError(400, "Md5Mismatch", "The MD5 value specified did not match.")
    part = request.q("comp")
    if part == "block":
        state.blobs.put_block(container, name, request.q("blockid"), data)
        return Response(201, b"", _stamped() | {"Content-MD5": md5_of(data)})
    if part == "blocklist":
        text = data.decode()
        order = re.findall(r"<(?:Latest|Uncommitted|Committed)>([^<]+)<", text)
        return Response(201, b"", _headers(state.blobs.put_block_list(container, name, order)))
    if part in ("metadata", "properties"):
        return Response(200, b"", _headers(_existing(state, container, name)))
    if part:
        raise HttpError(501, "NotEmulated", f"PUT with comp={part}")
    if request.headers.get("If-None-Match") == "*" and state.blobs.get(container, name):
        raise HttpError(409, "BlobAlreadyExists", "The specified blob already exists.")
    blob = state.blobs.put(container, name, data)
    return Response(201, b"", _headers(blob) | {"Content-MD5": md5_of(data)})


@route("blob", "DELETE", "/{container}/{name*}")
def delete(state: State, request: Request, container: str, name: str) -> Response:
    """Take a blob away."""
    state.tokens.check_access(request, container, name, "d")
    _existing(state, container, name).path.unlink()
    return Response(202, b"", _stamped())


def _existing(state: State, container: str, name: str) -> Blob:
    blob = state.blobs.get(container, name)
    shown_path = name.removeprefix("ExperimentRun/dcid.")
    is_artifact = container == ARTIFACT_CONTAINER
    if blob is None or (is_artifact and state.is_withheld(shown_path, in_list=False)):
        raise HttpError(404, "BlobNotFound", "The specified blob does not exist.")
    return blob


def _stamped() -> dict[str, str]:
    return {"x-ms-request-id": str(uuid.uuid4()), "x-ms-version": "2021-04-10"}


def _headers(blob: Blob) -> dict[str, str]:
    headers = _stamped() | {
        "ETag": blob.etag,
        "Last-Modified": format_datetime(blob.modified, usegmt=True),
        "x-ms-blob-type": "BlockBlob",
        "x-ms-request-server-encrypted": "true",
        "Accept-Ranges": "bytes",
    }
    md5 = blob.md5
    return headers | {"Content-MD5": md5} if md5 else headers


def _listed(blob: Blob) -> str:
    md5 = f"<Content-MD5>{blob.md5}</Content-MD5>" if blob.md5 else ""
    return (
        f"<Blob><Name>{escape(blob.name)}</Name><Properties>"
        f"<Last-Modified>{format_datetime(blob.modified, usegmt=True)}</Last-Modified>"
        f"<Etag>{escape(blob.etag.strip(chr(34)))}</Etag>"
        f"<Content-Length>{blob.size}</Content-Length>{md5}"
        "<Content-Type>application/octet-stream</Content-Type><BlobType>BlockBlob</BlobType>"
        "</Properties></Blob>"
    )
