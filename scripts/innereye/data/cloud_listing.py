"""Which files does a data set in the cloud have? A list of them stands here in their place.

The folder that holds such a list has the table of the data set, and none of its images.
"""

import csv
import hashlib
import posixpath
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from innereye.data.identities import FileState
from innereye.errors import DatasetError
from innereye.io.location import Kind, file_of, kind_of
from innereye.names import CLOUD_FILES_CSV

HOW_TO_REACH_IMAGES = (
    "To run there use --profile azureml; to run on this machine give its folder: "
    "--config local_dataset=<folder>."
)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def is_listed(folder: Path) -> bool:
    """Does a folder stand for a data set in the cloud?"""
    return (folder / CLOUD_FILES_CSV).is_file()


def listed_files(folder: Path) -> dict[str, FileState]:
    """Return size, time and identity of each file in the cloud by its path; nothing is hashed.

    Raises:
        DatasetError: the list is damaged.
    """
    path = folder / CLOUD_FILES_CSV
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return {row["path"]: _state(row) for row in csv.DictReader(stream)}
    except (ValueError, KeyError, TypeError, csv.Error):
        raise DatasetError(
            f"{path} is not a list of files in the cloud; delete its folder, and it is made anew."
        ) from None


def listed_states(paths: Iterable[str], folder: Path) -> dict[str, FileState]:
    """Return the state of each file that a table names and the cloud has, by the path in the table.

    That of a folder, a DICOM series, is the state of all files in it.
    """
    files = listed_files(folder)
    folders = _folders(files)
    states: dict[str, FileState] = {}
    for path in dict.fromkeys(paths):
        place = posixpath.normpath(file_of(path))
        if place in files:
            states[path] = files[place]
        elif place in folders and kind_of(path) is Kind.DICOM_FOLDER:
            states[path] = _state_of_all(folders[place])
    return states


def _folders(files: Mapping[str, FileState]) -> dict[str, dict[str, FileState]]:
    """Return the files of each folder."""
    folders: dict[str, dict[str, FileState]] = {}
    for path, state in files.items():
        folders.setdefault(posixpath.dirname(path), {})[path] = state
    return folders


def _state_of_all(files: Mapping[str, FileState]) -> FileState:
    lines = [f"{path} {files[path].identity}" for path in sorted(files)]
    identity = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    size = sum(state.size for state in files.values())
    return FileState(size, max(state.mtime_ns for state in files.values()), "", identity)


def _state(row: Mapping[str, str]) -> FileState:
    size = int(row["size"])
    mtime_ns = (datetime.fromisoformat(row["modified"]) - EPOCH) // timedelta(microseconds=1) * 1000
    return FileState(size, mtime_ns, "", f"{size}-{row['etag']}")
