"""How do the curves of running jobs get onto the user's screen? By copies that follow them.

The event files below `logs/` of each run are fetched every few seconds when they have grown, into a folder
that TensorBoard shows, until Ctrl-C. Run as a program by the target `tensorboard`.
"""

import argparse
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from snakemake_executor_plugin_azureml.families import named_run
from snakemake_executor_plugin_azureml.job_workspace import options_of_job, workspace_of_job
from snakemake_executor_plugin_azureml.workspace import (
    Mount,
    Run,
    Status,
    TransientError,
    Workspace,
    WorkspaceError,
)

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 10.0
LOGS = "logs"
EVENT_FILE = "events.out.tfevents"
# The datastore that every workspace has for the files of its runs.
ARTIFACTS = "workspaceartifactstore"
STATES = ("Running", "Completed", "Failed", "Canceled")


@dataclass(frozen=True)
class Wanted:
    """The runs that a user wants to watch: some by name, or those of an experiment in some states."""

    run_ids: Sequence[str] = ()
    experiment: str = ""
    states: Sequence[str] = ("Running", "Completed")

    def require_sense(self) -> None:
        """Refuse a wish that means no run, or words that are no states.

        Raises:
            WorkspaceError: what is missing or unknown.
        """
        if not self.run_ids and not self.experiment:
            raise WorkspaceError(
                "tensorboard needs --config run_ids=RUN,RUN or experiment_name=EXPERIMENT."
            )
        if unknown := [word for word in self.states if word not in STATES]:
            raise WorkspaceError(
                f"run_status={','.join(self.states)}: '{unknown[0]}' is no state of a run; allowed are "
                f"{', '.join(STATES)}, or None for all."
            )

    def find(self, workspace: Workspace) -> list[Run]:
        """Return the runs, and those below them.

        Raises:
            WorkspaceError: there is no such run.
        """
        if self.run_ids:
            named = [workspace.run(_run_id(text)) for text in self.run_ids]
        else:
            every = workspace.experiment_runs(self.experiment)
            named = [run for run in every if not self.states or run.service_status in self.states]
        below = [child for run in named if run.parent is None for child in _below(workspace, run)]
        return list({run.run_id: run for run in (*named, *below)}.values())


@dataclass
class Copies:
    """The copies of the event files: `<folder>/<run id>/<path below logs>`."""

    workspace: Workspace
    folder: Path
    _states: dict[tuple[str, str], object] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _sizes_are_known: bool = True

    def update(self, runs: Sequence[Run]) -> int:
        """Fetch what is new of some runs; return the number of files. An ended run is done with."""
        fetched = 0
        for run in runs:
            if run.run_id in self._ended:
                continue
            fetched += sum(self._fetch(run.run_id, path, now) for path, now in self._files(run))
            if run.status is not Status.ALIVE:
                self._ended.add(run.run_id)
        return fetched

    def _files(self, run: Run) -> Iterator[tuple[str, object]]:
        """Give the event files of a run below `logs/`, with what tells that one has grown."""
        if self._sizes_are_known:
            try:
                base = f"ExperimentRun/dcid.{run.run_id}/{LOGS}"
                blobs = self.workspace.list_blobs(Mount(ARTIFACTS, base))
            except TransientError:
                raise
            except WorkspaceError as error:
                # Not every account may list the storage itself; then all is fetched each time.
                logger.info("Sizes of event files cannot be seen: %s", error)
                self._sizes_are_known = False
            else:
                yield from ((blob.path, blob.size) for blob in blobs if EVENT_FILE in blob.path)
                return
        for path in self.workspace.list_files(run.run_id, f"{LOGS}/"):
            if EVENT_FILE in path:
                yield path.removeprefix(f"{LOGS}/"), object()

    def _fetch(self, run_id: str, path: str, now: object) -> bool:
        if self._states.get((run_id, path)) == now:
            return False
        self.workspace.download_file(run_id, f"{LOGS}/{path}", self.folder / run_id / path)
        self._states[run_id, path] = now
        return True


def follow(
    workspace: Workspace,
    wanted: Wanted,
    folder: Path,
    *,
    sleep: Callable[[float], None] = time.sleep,
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    """Keep copies of the event files up to date while `goes_on`; what fails for a while is tried again.

    Raises:
        WorkspaceError: there are no such runs, or the workspace refuses.
    """
    wanted.require_sense()
    copies = Copies(workspace, folder)
    while goes_on():
        try:
            runs = wanted.find(workspace)
            if fetched := copies.update(runs):
                logger.info("Fetched %d event files of %d runs.", fetched, len(runs))
        except TransientError as error:
            logger.warning("%s The next look is in %.0f s.", error, SECONDS_BETWEEN_LOOKS)
        sleep(SECONDS_BETWEEN_LOOKS)


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start TensorBoard on a folder, out of the reach of Ctrl-C, so that it ends after us."""
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--logdir", str(folder), "--port", str(port), "--reload_interval", "5"]
    command = [sys.executable, "-m", "tensorboard.main", *arguments]
    # TensorBoard's own parts talk on this machine, which no proxy reaches.
    not_by_proxy = {"no_proxy": "localhost,127.0.0.1", "NO_PROXY": "localhost,127.0.0.1"}
    return subprocess.Popen(command, env={**os.environ, **not_by_proxy}, start_new_session=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Follow runs and show them until Ctrl-C; return the exit status."""
    args = _parser().parse_args(arguments)
    handlers = [logging.StreamHandler(), *([logging.FileHandler(args.log)] if args.log else [])]
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=handlers)
    wanted = Wanted(_words(args.run_ids), args.experiment_name, _words(args.run_status))
    try:
        wanted.require_sense()
        workspace = workspace_of_job(options_of_job(args.settings))
        wanted.find(workspace)  # a mistake is said before TensorBoard starts
        server = serve(args.local_root, args.port)
        try:
            follow(workspace, wanted, args.local_root, goes_on=lambda: server.poll() is None)
        finally:
            server.terminate()
            server.wait()
    except WorkspaceError as error:
        logger.error("%s", error)
        return 1
    except KeyboardInterrupt:
        return 0
    return server.returncode


def _below(workspace: Workspace, run: Run) -> list[Run]:
    return workspace.children(run.run_id)


def _run_id(text: str) -> str:
    return named_run(text)[1] if ":" in text else text


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run_ids", default="", help="runs, separated by commas")
    parser.add_argument("--experiment_name", default="", help="experiment, in place of run_ids")
    parser.add_argument("--run_status", default="", help="states of the experiment's runs")
    parser.add_argument("--local_root", type=Path, default=Path("tensorboard_runs"))
    parser.add_argument("--port", type=int, default=6006)
    parser.add_argument("--settings", default="", help="InnerEye's settings.yml")
    parser.add_argument("--log", type=Path, help="file for the messages, beside the terminal")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
