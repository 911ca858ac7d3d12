"""How do bytes get into the storage and out of it? By its own REST interface, whole and checked."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4
from xml.sax.saxutils import escape

import urllib3

from snakemake_executor_plugin_azureml.azureml_workspace.answers import no_answer
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from snakemake_executor_plugin_azureml.azureml_workspace.service import Service
from snakemake_executor_plugin_azureml.workspace import Progress, WorkspaceError

VERSION = {"x-ms-version": "2021-08-06"}
BLOCK = 8 * 1024 * 1024
CHUNK = 1024 * 1024
# Where a damaged file is fetched once more.
DOWNLOADS = 2


def put_blob(
    service: Service, url: str, source: Path, about: str, progress: Progress | None = None
) -> None:
    """Write one file to an address that carries its own right to write; big files in blocks."""
    size = source.stat().st_size
    if size <= BLOCK:
        content = source.read_bytes()
        headers = {"x-ms-blob-type": "BlockBlob", **_hashed(content)}
        _put(service, url, content, about, headers)
        _tell(progress, len(content))
        return
    whole, names = hashlib.md5(usedforsecurity=False), []
    for number, content in enumerate(_blocks(source)):
        name = b64encode(f"{number:08d}".encode()).decode()
        address = f"{url}&comp=block&blockid={name.replace('=', '%3D')}"
        _put(service, address, content, about, _hashed(content))
        whole.update(content)
        names.append(name)
        _tell(progress, len(content))
    listed = "".join(f"<Latest>{escape(name)}</Latest>" for name in names)
    body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>'.encode()
    headers = {"x-ms-blob-content-md5": _text_of(whole.digest()), "Content-Type": "application/xml"}
    _put(service, f"{url}&comp=blocklist", body, about, headers)


def get_blob(service: Service, url: Callable[[], str], target: Path, about: str) -> None:
    """Fetch one file; `target` appears only when it is whole. `url` gives an address that holds now.

    Raises:
        NotFoundError: there is no such file.
        WorkspaceError: its content is not what was written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        for _ in range(DOWNLOADS):
            download = _Download(service, url(), part, about)
            if download.fetch():
                part.replace(target)
                return
        raise WorkspaceError(f"{about} arrived damaged: its MD5 is not the one that is stored.")
    finally:
        part.unlink(missing_ok=True)


class _Download:
    """One file on its way; it goes on where a connection broke."""

    def __init__(self, service: Service, url: str, part: Path, about: str) -> None:
        self._service = service
        self._url = url
        self._part = part
        self._about = about
        self._begin_anew()

    def fetch(self) -> bool:
        """Fetch the file; is its content what was written?"""
        while not self._is_whole:
            self._service.persist(self._go_on, self._about)
        return self._wanted in (None, _text_of(self._md5.digest()))

    def _begin_anew(self) -> None:
        self._position = 0
        self._size: int | None = None
        self._etag = ""
        self._wanted: str | None = None
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._part.write_bytes(b"")

    @property
    def _is_whole(self) -> bool:
        return self._size is not None and self._position >= self._size

    def _go_on(self) -> None:
        """Fetch what is left; a break after some bytes is no failed try."""
        before = self._position
        try:
            self._receive()
        except RefusedError as refusal:
            if refusal.status == 412:  # it has been written anew meanwhile
                self._begin_anew()
                raise RefusedError(None, "the file changed while it was fetched") from refusal
            if refusal.status is not None or self._position == before:
                raise

    def _receive(self) -> None:
        headers = {**VERSION, "Accept-Encoding": "identity"}
        if self._position:
            headers |= {"x-ms-range": f"bytes={self._position}-", "If-Match": self._etag}
        response = self._service.once("GET", self._url, signed=False, headers=headers, stream=True)
        with response:
            if response.status_code != 206:  # the whole file, which is not what was asked for
                self._begin_anew()
            if not self._position:
                length = response.headers.get("Content-Length")
                self._size = int(length) if length else None
                self._etag = response.headers.get("ETag", "")
                self._wanted = response.headers.get("Content-MD5")
            try:
                with self._part.open("ab") as file:
                    # Each piece as it comes: what a broken connection has brought is kept.
                    while chunk := response.raw.read1(CHUNK, decode_content=False):
                        file.write(chunk)
                        self._md5.update(chunk)
                        self._position += len(chunk)
            except urllib3.exceptions.HTTPError as error:
                raise no_answer(error) from error
        if self._size is None:
            self._size = self._position
        if not self._is_whole:
            raise RefusedError(None, "the connection ended early")


def _put(service: Service, url: str, content: bytes, about: str, headers: dict[str, str]) -> None:
    service.ask("PUT", url, about, signed=False, data=content, headers={**VERSION, **headers})


def _blocks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while content := file.read(BLOCK):
            yield content


def _hashed(content: bytes) -> dict[str, str]:
    """The storage refuses what arrives otherwise, and keeps the hash of a whole file."""
    return {"Content-MD5": _text_of(hashlib.md5(content, usedforsecurity=False).digest())}


def _text_of(digest: bytes) -> str:
    return b64encode(digest).decode()


def _tell(progress: Progress | None, count: int) -> None:
    if progress:
        progress(count)
