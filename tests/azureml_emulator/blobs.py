"""Where do the bytes lie? One folder per container; whatever is put into it is a blob."""

import base64
import hashlib
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from azureml_emulator.exchange import HttpError
from azureml_emulator.places import ACCOUNT, ARTIFACT_CONTAINER, DATASTORES, SNAPSHOT_CONTAINER

UNFINISHED = ".partial-"
SINGLE_PUT_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Blob:
    """A file in storage; `md5` in base64 is known of those that were put in one piece."""

    name: str
    path: Path
    size: int
    etag: str
    modified: datetime

    @property
    def md5(self) -> str | None:
        """Return the hash that storage would have kept."""
        return md5_of_file(self.path, self.etag) if self.size <= SINGLE_PUT_BYTES else None


class Blobs:
    """The storage account as a folder: `<root>/<account>/<container>/<name of the blob>`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._blocks: dict[tuple[Path, str], bytes] = {}
        self._lock = threading.Lock()
        for container in (*DATASTORES.values(), SNAPSHOT_CONTAINER):
            self.path(container).mkdir(parents=True, exist_ok=True)

    def path(self, container: str, name: str = "") -> Path:
        """Return where a blob lies, or a container."""
        base = (self.root / ACCOUNT / container).resolve()
        path = (base / name).resolve()
        if not path.is_relative_to(base) or not base.is_relative_to(self.root / ACCOUNT):
            raise HttpError(400, "InvalidUri", "The path leaves its container.")
        return path

    def artifact_path(self, origin: str, container: str, path: str = "") -> Path:
        """Return where a file of a run lies, such as outputs/a.csv of ExperimentRun/dcid.RUN."""
        return self.path(ARTIFACT_CONTAINER, f"{origin}/{container}/{path}".rstrip("/"))

    def get(self, container: str, name: str) -> Blob | None:
        """Return a blob, or None."""
        path = self.path(container, name)
        try:
            state = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not path.is_file():
            return None
        modified = datetime.fromtimestamp(state.st_mtime, UTC)
        return Blob(name, path, state.st_size, f'"0x{state.st_mtime_ns:X}"', modified)

    def below(self, container: str, prefix: str = "") -> Iterator[Blob]:
        """Give the blobs whose names begin with a text, in the order of their names."""
        base = self.path(container)
        folder = self.path(container, prefix.rpartition("/")[0])
        for name in sorted(path.relative_to(base).as_posix() for path in files_below(folder)):
            if name.startswith(prefix) and (blob := self.get(container, name)):
                yield blob

    def put(self, container: str, name: str, data: bytes) -> Blob:
        """Write a blob; readers see the old one or the new one, never a part."""
        path = self.path(container, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.parent / f"{UNFINISHED}{uuid.uuid4().hex}"
        unfinished.write_bytes(data)
        unfinished.replace(path)
        blob = self.get(container, name)
        if blob is None:
            raise HttpError(404, "BlobNotFound", f"{name} was deleted while it was written.")
        return blob

    def put_block(self, container: str, name: str, block: str, data: bytes) -> None:
        """Keep a part of a blob until the list of parts arrives."""
        with self._lock:
            self._blocks[self.path(container, name), block] = data

    def put_block_list(self, container: str, name: str, blocks: list[str]) -> Blob:
        """Make a blob of parts that were sent before."""
        path = self.path(container, name)
        with self._lock:
            parts = [self._blocks.get((path, block)) for block in blocks]
            known = [part for part in parts if part is not None]
            if len(known) < len(blocks):
                raise HttpError(400, "InvalidBlockList", "The specified block list is invalid.")
            for each in [each for each in self._blocks if each[0] == path]:
                del self._blocks[each]
        return self.put(container, name, b"".join(known))

    def copy_in(self, source: Path, target: Path) -> None:
        """Copy a file of a node to storage, as a whole."""
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.parent / f"{UNFINISHED}{uuid.uuid4().hex}"
        shutil.copyfile(source, unfinished)
        unfinished.replace(target)


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder, without those that are being written."""
    return [
        Path(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if not name.startswith(UNFINISHED)
    ]


def md5_of(data: bytes) -> str:
    """Return the hash of a content as storage writes it."""
    return base64.b64encode(hashlib.md5(data).digest()).decode()


@lru_cache(maxsize=100_000)
def md5_of_file(path: Path, etag: str) -> str:  # another etag, another content
    """Return the hash of a file in one of its states."""
    return md5_of(path.read_bytes())
