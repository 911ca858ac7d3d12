"""Has a file changed? Content hashes."""

import hashlib
from functools import lru_cache
from pathlib import Path

from innereye.io.location import file_of

FILES_REMEMBERED = 4096


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def content_hash(path: Path) -> str:
    """Return the SHA-256 of the file that a filePath leads to, or of all files of its folder.

    A file with many volumes in it is read once, as long as it keeps its size and time.
    """
    place = Path(file_of(str(path)))
    if not place.is_dir():
        found = place.stat()
        return _hash_of_state(place, found.st_size, found.st_mtime_ns)
    lines = [f"{each.name} {sha256_of(each)}" for each in sorted(place.iterdir()) if each.is_file()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@lru_cache(FILES_REMEMBERED)
def _hash_of_state(path: Path, size: int, mtime_ns: int) -> str:
    """Return the hash of a file; size and time tell one state of it from another."""
    del size, mtime_ns
    return sha256_of(path)
