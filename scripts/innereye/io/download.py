"""How does a file come from a web server, although connections break? In parts, and checked."""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from innereye.errors import DownloadError
from innereye.io.web_address import Source

logger = logging.getLogger(__name__)

TRIES = 6
FIRST_PAUSE_S = 0.5
TIMEOUT_S = 60
CHUNK_BYTES = 2**20
PART, VERSION = ".part", ".version"
# Answers after which the same question may be answered otherwise.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
OK, PARTIAL, RANGE_REFUSED = 200, 206, 416


class _BrokenOffError(Exception):
    """The connection ended early or could not be made; another try goes on from there."""


def download(
    source: Source, folder: Path, *, pause: Callable[[float], object] = time.sleep
) -> Path:
    """Return the place of a file below `folder`, whole; one that lies there already is not fetched anew.

    A broken connection is taken up where it ended, as is a download that an earlier call began: its
    bytes lie in `<name>.part`. This needs a server that marks contents, or a hash, so that nothing is
    pieced together from two files. `pause` waits between tries.

    Raises:
        DownloadError: the server refuses, the file has not the stated hash, or there is no room.
    """
    target = folder / source.place
    if target.is_file():
        if not source.sha256 or _sha256_of(target) == source.sha256:
            logger.info("%s has been downloaded before.", source.shown)
            return target
        target.unlink()
    part = target.with_name(target.name + PART)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        _fetch_in_tries(source, part, pause)
        _require_hash(source, part)
        part.replace(target)
        part.with_suffix(VERSION).unlink(missing_ok=True)
    except OSError as error:
        raise DownloadError(
            f"{source.shown} cannot be stored in {part.parent}: {error.strerror or error}. What has come "
            "stays, and the next call goes on from there."
        ) from None
    logger.info("Downloaded %s, %.1f MB.", source.shown, target.stat().st_size / 1e6)
    return target


def _fetch_in_tries(source: Source, part: Path, pause: Callable[[float], object]) -> None:
    transfer = _Transfer(source, part)
    for number in range(1, TRIES + 1):
        try:
            transfer.go_on()
            return
        except _BrokenOffError as error:
            if number == TRIES:
                raise DownloadError(
                    f"{source.shown} could not be downloaded in {TRIES} tries: {error}. The next call "
                    "goes on from there."
                ) from None
            logger.info("%s: %s; trying again.", source.shown, error)
            pause(FIRST_PAUSE_S * 2 ** (number - 1))


@dataclass(frozen=True)
class _Transfer:
    """A file on its way into a part."""

    source: Source
    part: Path

    @property
    def version(self) -> str:
        """The server's word for the content that the part is of; empty where it has none."""
        path = self.part.with_suffix(VERSION)
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def go_on(self) -> None:
        """Ask for what is missing, and append it.

        Raises:
            _BrokenOffError: another try may help.
            DownloadError: none will.
        """
        is_known = bool(self.version or self.source.sha256)
        have = self.part.stat().st_size if is_known and self.part.is_file() else 0
        try:
            with requests.get(
                self.source.url, headers=self._headers(have), stream=True, timeout=TIMEOUT_S
            ) as answer:
                if answer.status_code == RANGE_REFUSED:
                    # The part is whole already, or of another content: only the server can tell.
                    self._start_anew_unless_whole(answer, have)
                    return
                self._require_success(answer)
                is_rest = answer.status_code == PARTIAL and _starts_at(answer.headers, have)
                version = _version(answer.headers)
                self.part.with_suffix(VERSION).write_text(version, encoding="utf-8")
                self._store(answer, append=is_rest)
        except (requests.RequestException, HTTPError) as error:
            raise _BrokenOffError(_reason(error)) from None

    def _headers(self, have: int) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if self.version:
                headers["If-Range"] = self.version
        return headers

    def _require_success(self, answer: requests.Response) -> None:
        if answer.status_code in (OK, PARTIAL):
            return
        words = f"the server answers {answer.status_code} {answer.reason or ''}".rstrip()
        if answer.status_code in PASSING:
            raise _BrokenOffError(words)
        raise DownloadError(f"{self.source.shown} cannot be downloaded: {words}.")

    def _start_anew_unless_whole(self, answer: requests.Response, have: int) -> None:
        total = answer.headers.get("Content-Range", "").rpartition("/")[2]
        if total != str(have):
            self.part.unlink()
            raise _BrokenOffError("the file on the server has changed")

    def _store(self, answer: requests.Response, *, append: bool) -> None:
        expected = int(answer.headers.get("Content-Length") or -1)
        received = 0
        with self.part.open("ab" if append else "wb") as file:
            # What has come is written at once: bytes that wait for a chunk to fill are lost in a break.
            while chunk := answer.raw.read1(CHUNK_BYTES):
                file.write(chunk)
                received += len(chunk)
        if expected >= 0 and received != expected:
            raise _BrokenOffError(f"{received} of {expected} bytes came")


def _starts_at(headers: Mapping[str, str], have: int) -> bool:
    return headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _version(headers: Mapping[str, Any]) -> str:
    """Return what marks a content: a strong ETag, or when it was changed."""
    tag = headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")


def _reason(error: Exception) -> str:
    """Return the cause without the address, which may hold a secret."""
    if isinstance(error, (requests.Timeout, ReadTimeoutError)):
        return f"no answer within {TIMEOUT_S} s"
    if isinstance(error, HTTPError):
        return "the connection broke off"
    if isinstance(error, requests.ConnectionError):
        return "the server cannot be reached"
    return type(error).__name__


def _sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _require_hash(source: Source, part: Path) -> None:
    if not source.sha256:
        return
    found = _sha256_of(part)
    if found != source.sha256:
        part.unlink()
        raise DownloadError(
            f"{source.shown} has the SHA-256 {found}, and not {source.sha256} as stated: it is "
            "damaged, or another file. It has been removed."
        )
