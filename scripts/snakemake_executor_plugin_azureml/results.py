"""How do the results of a run come back? Fetched beside their places, checked, then moved there."""

import json
import os
import shutil
import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from snakemake_executor_plugin_azureml.node import RESULTS_JSON
from snakemake_executor_plugin_azureml.record import FOLDER
from snakemake_executor_plugin_azureml.store import sha256_of
from snakemake_executor_plugin_azureml.workspace import NotFoundError, Workspace, WorkspaceError

DOWNLOADS_AT_ONCE = 8
# The service shows files of a run a little after it has called the run completed.
WAITS_S = (1, 2, 4, 8, 16, 32)
FILES_NAMED = 5


class BrokenOffError(WorkspaceError):
    """Snakemake ends before all is here; what has arrived is kept for the next call."""


class OutputMissingError(WorkspaceError):
    """The run has completed without one of its outputs."""


@dataclass(frozen=True)
class Result:
    """A file that a run has left: where it belongs here, where it lies there, and what it holds."""

    path: str
    file: str
    size: int
    sha256: str
    declared: bool


@dataclass(frozen=True)
class Collector:
    """Fetches results of runs; `only_declared` leaves undeclared ones, such as volumes, in the cloud.

    Once `stop` is set, no further file is begun.
    """

    workspace: Workspace
    only_declared: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    def collect(self, run_id: str, outputs: Collection[str], leaves: Sequence[str] = ()) -> None:
        """Bring the results of a completed run to their places.

        With `only_declared`, undeclared ones that match a pattern of `leaves` stay; all if it is empty.

        Raises:
            WorkspaceError: an output was not made, or does not arrive as it was made.
        """
        results = self._results_of(run_id)
        missing = missing_of(outputs, [each.path for each in results])
        if missing:
            raise OutputMissingError(
                f"Run {run_id} completed without {listed(missing)}, which its rule declares."
            )
        self._fetch(run_id, [each for each in results if not self._stays(each, leaves)])

    def _stays(self, result: Result, leaves: Sequence[str]) -> bool:
        if result.declared or not self.only_declared:
            return False
        return not leaves or any(fnmatch(result.path, pattern) for pattern in leaves)

    def collect_logs(self, run_id: str, logs: Collection[str]) -> None:
        """Bring the logs of a run that has failed, as far as there are any."""
        try:
            results = self._results_of(run_id, waits_s=())
            self._fetch(run_id, [each for each in results if each.path in logs])
        except WorkspaceError:
            return  # the end of what it printed is shown anyway

    def _results_of(self, run_id: str, waits_s: Sequence[float] = WAITS_S) -> list[Result]:
        target = incoming(run_id) / RESULTS_JSON.name
        self._fetch_late(run_id, RESULTS_JSON.as_posix(), target, waits_s)
        return [Result(**each) for each in json.loads(target.read_text(encoding="utf-8"))]

    def _fetch(self, run_id: str, results: Sequence[Result]) -> None:
        folder = incoming(run_id) / "files"

        def fetch(result: Result) -> None:
            target = folder / result.path
            if is_whole(target, result):
                return  # from an earlier call that was broken off
            self._fetch_late(run_id, result.file, target, WAITS_S)
            if not is_whole(target, result):
                target.unlink()
                raise WorkspaceError(
                    f"{result.path} of run {run_id} arrived damaged: its content is not what the "
                    "run has written."
                )

        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            list(pool.map(fetch, results))
        now = time.time_ns()
        for result in results:
            # One time for all: within a group, an output must not look older than what it was made of.
            os.utime(folder / result.path, ns=(now, now))
            place = Path(result.path)
            place.parent.mkdir(parents=True, exist_ok=True)
            (folder / result.path).replace(place)
        shutil.rmtree(incoming(run_id))

    def _fetch_late(self, run_id: str, file: str, target: Path, waits_s: Sequence[float]) -> None:
        """Fetch a file that may need a while to be seen."""
        for wait_s in (*waits_s, None):
            if self.stop.is_set():
                raise BrokenOffError(
                    f"The results of run {run_id} are not all here; the same command fetches them."
                )
            try:
                self.workspace.download_file(run_id, file, target)
                return
            except NotFoundError:
                if wait_s is None:
                    raise WorkspaceError(
                        f"{file} of run {run_id} does not arrive: the service does not have it. The run "
                        "is kept; the same command looks for the file again."
                    ) from None
                self.stop.wait(wait_s)


def incoming(run_id: str) -> Path:
    """Return where the files of a run lie until all of them are here."""
    return FOLDER / "incoming" / run_id


def missing_of(outputs: Collection[str], paths: Collection[str]) -> list[str]:
    """Return the outputs that are no file among the paths, nor a folder of one."""
    found = {PurePosixPath(path) for path in paths}
    found |= {parent for path in found for parent in path.parents}
    return sorted(path for path in outputs if PurePosixPath(path) not in found)


def is_whole(path: Path, result: Result) -> bool:
    """Does a file hold what the run has written?"""
    return (
        path.is_file() and path.stat().st_size == result.size and sha256_of(path) == result.sha256
    )


def listed(paths: Sequence[str]) -> str:
    """Return the first paths, and how many more there are."""
    more = len(paths) - FILES_NAMED
    return ", ".join(paths[:FILES_NAMED]) + (f" and {more} more" if more > 0 else "")
