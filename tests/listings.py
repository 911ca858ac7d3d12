"""A data set in the cloud, as it is seen on this machine: its table and a list of its files."""

import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path

from innereye.names import CLOUD_FILES_CSV, DATASET_CSV


def write_listing(data_set: Path, folder: Path, **etags: str) -> Path:
    """Describe a data set in another folder, as if it lay in the cloud; return that folder.

    `etags` has versions of files by their names without suffixes; all others have the version `1`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(data_set / DATASET_CSV, folder)
    with (folder / CLOUD_FILES_CSV).open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("path", "size", "etag", "modified"))
        for path in sorted(data_set.rglob("*")):
            if path.is_file():
                state = path.stat()
                modified = datetime.fromtimestamp(int(state.st_mtime), UTC).isoformat()
                etag = etags.get(path.name.split(".")[0], "1")
                name = path.relative_to(data_set).as_posix()
                writer.writerow((name, state.st_size, etag, modified))
    return folder
