"""Which data does a job read: a folder of the cloud storage, or one of this machine that goes up once?"""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.workspace import Mount, Workspace, WorkspaceError

BYTES_PER_GB = 1e9
SECONDS_BETWEEN_LINES = 0.5
BAR = 30


def data_set_mount(workspace: Workspace, options: Options, data_set_id: str) -> Mount:
    """Return where a data set lies: as registered in the workspace, or else as a folder of that name.

    The folder lies at the root of the datastore of data sets; it is not looked for.
    """
    registered = workspace.data_set_folder(data_set_id)
    return registered or Mount(options.datasets_datastore, container_path(data_set_id))


def container_path(text: str) -> str:
    """Return a path of a container as the storage spells it, without empty parts."""
    return "/".join(part for part in text.split("/") if part)


def local_files(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted, links followed; hidden files and folders are left out.

    Raises:
        WorkspaceError: there is no such folder, or it has no files.
    """
    files: list[Path] = []
    for place, folders, names in os.walk(folder, followlinks=True):
        if leads_back(Path(place)):
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(place, name) for name in names if not name.startswith(".")]
        files += [path for path in paths if path.is_file()]
    if not files:
        what = "has no files" if folder.is_dir() else "does not exist"
        raise WorkspaceError(
            f"The folder {folder} of the data set {what}; there is nothing to upload."
        )
    return sorted(files)


def leads_back(folder: Path) -> bool:
    """Is this a link to a folder that holds the link itself?"""
    if not folder.is_symlink():
        return False
    target = folder.resolve()
    return any(target == parent.resolve() for parent in folder.parents)


def size_warning(total_bytes: int, limit_bytes: float) -> str | None:
    """Return a sentence where more goes up than the limit, else None."""
    if total_bytes <= limit_bytes:
        return None
    return (
        f"{total_bytes / BYTES_PER_GB:.1f} GB go up to AzureML, more than "
        f"{limit_bytes / BYTES_PER_GB:g} GB. This happens once: what is there already is not sent "
        "again. A data set that lies in the cloud is not sent at all (azure_dataset_id)."
    )


class UploadProgress:
    """Shows how much of an upload is done, in one line that changes now and then.

    Call it with the number of bytes that have just been moved, from any thread. Where the stream is no
    terminal, nothing is written.
    """

    def __init__(
        self,
        what: str,
        total_bytes: int,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._total = total_bytes
        self._done = 0
        self._shown_at: float | None = None
        self._stream = sys.stderr if stream is None else stream
        self._is_shown = self._stream.isatty()
        self._clock = clock
        self._lock = threading.Lock()

    def __call__(self, moved_bytes: int) -> None:
        """Count bytes; write the line where it is time to, and always at the end."""
        with self._lock:
            is_end = self._done < self._total <= self._done + moved_bytes
            self._done += moved_bytes
            now = self._clock()
            if self._is_shown and (is_end or self._is_time(now)):
                self._shown_at = now
                self._stream.write(f"\r{self.line}" + ("\n" if is_end else ""))
                self._stream.flush()

    @property
    def line(self) -> str:
        """What is shown: a bar, the share, and the size in gigabytes."""
        share = min(self._done / self._total, 1.0) if self._total else 1.0
        bar = "#" * int(share * BAR)
        size = f"{self._total / BYTES_PER_GB:.2f} GB"
        return f"Uploading {self._what} [{bar:<{BAR}}] {int(100 * share):3d} % of {size}"

    def _is_time(self, now: float) -> bool:
        if self._done >= self._total:
            return False  # the last line stands
        return self._shown_at is None or now - self._shown_at >= SECONDS_BETWEEN_LINES
