"""Which files of a data set have changed? Their identities, from a look at size and time."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from innereye.errors import DatasetError
from innereye.io.files import atomic_write
from innereye.io.location import locate, size_and_time
from innereye.provenance.files import content_hash

RECORD_VERSION = 1
MISSING = "missing"


@dataclass(frozen=True)
class FileState:
    """A file as last seen; `identity` stays while the content does, `sha256` may be empty."""

    size: int
    mtime_ns: int
    sha256: str
    identity: str


@dataclass(frozen=True)
class CheckRecord:
    """What earlier checks saw: files by filePath, and for each clean subject what was checked."""

    files: Mapping[str, FileState] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)


def load_record(path: Path) -> CheckRecord | None:
    """Return the record of earlier checks, or None when there is none of this version.

    Raises:
        DatasetError: the file is no record.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["version"] != RECORD_VERSION:
            return None
        files = {name: FileState(**state) for name, state in content["files"].items()}
        return CheckRecord(files, dict(content["subjects"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DatasetError(
            f"{path} is not a record of an earlier check; delete it, and all is checked anew."
        ) from None


def save_record(path: Path, record: CheckRecord) -> None:
    """Write the record of a check, sorted, atomically."""
    files = {name: asdict(record.files[name]) for name in sorted(record.files)}
    subjects = {name: record.subjects[name] for name in sorted(record.subjects)}
    content = {"version": RECORD_VERSION, "files": files, "subjects": subjects}
    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8", newline="\n")


def file_states(
    paths: Iterable[str],
    record: CheckRecord | None,
    *,
    root: Path,
    extra_folders: Sequence[Path] = (),
) -> dict[str, FileState]:
    """Return the state of each file that exists; `paths` are filePaths below `root`.

    That of a part of an HDF5 file is the state of the whole file, that of a DICOM series the state of
    all files in its folder. Paths into extra data sets are below `extra_folders`.

    A file of the recorded size and time is as recorded. One of the recorded size and another time
    is read, and keeps its identity when its content is as recorded. Any other gets a new identity
    without being read, so that a first look at a large data set is quick.
    """
    known = record.files if record else {}
    folder = os.fspath(root)
    states: dict[str, FileState] = {}
    for path in dict.fromkeys(paths):
        if extra_folders:
            full = os.fspath(locate(path, root, extra_folders))
        else:
            full = os.path.join(folder, path)  # noqa: PTH118  # pathlib is 10 times slower here
        if found := size_and_time(full):
            states[path] = _state(full, found, known.get(path))
    return states


def file_identities(
    paths: Iterable[str], record: CheckRecord | None, *, root: Path
) -> dict[str, str]:
    """Return the identity of each file, as `file_states`; `missing` for one that does not exist."""
    paths = list(paths)
    states = file_states(paths, record, root=root)
    return {path: states[path].identity if path in states else MISSING for path in paths}


def rows_hash(rows: Iterable[tuple[str, str, str]], identities: Mapping[str, str]) -> str:
    """Return a short hash of rows (subject, channel, filePath) and of their files' identities.

    The order of the rows has no part in it.
    """
    lines = sorted((*row, identities.get(row[2], MISSING)) for row in rows)
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()[:16]


def _new(size: int, mtime_ns: int, sha256: str = "") -> FileState:
    return FileState(size, mtime_ns, sha256, f"{size}-{mtime_ns}")


def _state(path: str, found: tuple[int, int], known: FileState | None) -> FileState:
    size, mtime_ns = found
    if known is None or known.size != size:
        return _new(size, mtime_ns)
    if known.mtime_ns == mtime_ns:
        return known
    if not known.sha256:
        return _new(size, mtime_ns)
    sha256 = content_hash(Path(path))
    if sha256 != known.sha256:
        return _new(size, mtime_ns, sha256)
    return FileState(size, mtime_ns, sha256, known.identity)
