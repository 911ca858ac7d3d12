"""What has become of the runs? One question for all of them, and results fetched as they complete."""

import logging
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from snakemake_executor_plugin_azureml.job_facts import JobFacts
from snakemake_executor_plugin_azureml.launcher import Launcher
from snakemake_executor_plugin_azureml.record import FOLDER, State
from snakemake_executor_plugin_azureml.results import OutputMissingError
from snakemake_executor_plugin_azureml.workspace import (
    NotFoundError,
    Run,
    Status,
    TransientError,
    WorkspaceError,
)

logger = logging.getLogger(__name__)

FETCHES_AT_ONCE = 4
LOG_LINES = 40
# Refused questions in a row after which the jobs are given up here; their runs go on.
MOST_REFUSALS = 5


@dataclass
class Followed:
    """A run that is being followed; `fetch` brings its results once it has completed."""

    run: Run
    facts: JobFacts
    fetch: Future[None] | None = None
    times_missing: int = 0
    """Questions in a row that the service answered with: no such run."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended; `error` is empty where its results are here."""

    error: str = ""
    log_file: Path | None = None


class Follower:
    """Follows the runs of one call of Snakemake."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher
        self._fetches = ThreadPoolExecutor(FETCHES_AT_ONCE, "azureml-fetch")
        self._refusals = 0
        self._trouble = ""

    def look(self, followed: Iterable[Followed]) -> dict[str, Outcome]:
        """Return the outcomes of those runs that have one by now, by run id."""
        followed = list(followed)
        waiting = [each for each in followed if each.fetch is None]
        if waiting:
            try:
                runs = self._ask(waiting)
            except TransientError as error:
                self._tell(f"AzureML cannot be asked at the moment: {error} The runs go on.")
                runs = {}
            except WorkspaceError as error:
                return self._refused(waiting, error)
            else:
                self._refusals, self._trouble = 0, ""
            for each in waiting:
                if run := runs.get(each.run.run_id):
                    each.times_missing = 0
                    self._note(each, run)
        for each in followed:
            self._fetch_again_after_trouble(each)
        return {
            each.run.run_id: self._outcome(each)
            for each in followed
            if each.fetch is not None and each.fetch.done()
        }

    def close(self) -> None:
        """Wait for fetches that have begun; those that have not are left for the next call."""
        self._fetches.shutdown(wait=True, cancel_futures=True)

    def _ask(self, waiting: list[Followed]) -> dict[str, Run]:
        workspace = self._launcher.workspace
        experiments = {each.run.experiment for each in waiting}
        found = [
            run
            for name in experiments
            for run in workspace.runs_by_tag(name, "workflow_run", self._launcher.workflow_run)
        ]
        runs = {run.run_id: run for run in found}
        for each in waiting:  # the index behind the query may lag a little
            run_id = each.run.run_id
            if run_id not in runs:
                try:
                    runs[run_id] = workspace.run(run_id)
                except NotFoundError:
                    each.times_missing += 1  # the others go on
                    if each.times_missing >= MOST_REFUSALS:
                        each.fetch = self._fetches.submit(_report_missing, run_id)
        return runs

    def _note(self, each: Followed, run: Run) -> None:
        if run.service_status != each.run.service_status:
            logger.debug("Run %s is %s.", run.run_id, run.service_status)
        each.run = run
        if run.status is Status.COMPLETED:
            each.fetch = self._fetches.submit(self._collect, each)
        elif run.status is not Status.ALIVE:
            each.fetch = self._fetches.submit(self._explain, each)

    def _collect(self, each: Followed) -> None:
        run_id = each.run.run_id
        try:
            self._launcher.collector.collect(run_id, each.facts.outputs, each.facts.wishes.leaves)
        except OutputMissingError:
            self._launcher.record.mark(run_id, State.FAILED)
            raise
        self._launcher.record.mark(run_id, State.COLLECTED)
        with suppress(
            WorkspaceError
        ):  # it costs some storage, and the next call of the job nothing
            self._launcher.submitter.store.forget_recovery(run_id)

    def _explain(self, each: Followed) -> None:
        """Raise what the run says of its end, with the last lines that it printed."""
        run, workspace = each.run, self._launcher.workspace
        is_failed = run.status is Status.FAILED
        self._launcher.record.mark(run.run_id, State.FAILED if is_failed else State.CANCELED)
        self._launcher.collector.collect_logs(run.run_id, each.facts.logs)
        try:
            tail = workspace.log_tail(run.run_id, LOG_LINES)
        except WorkspaceError as error:
            tail = f"(its log cannot be read: {error})"
        file = log_file(run.run_id)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(tail, encoding="utf-8")
        what = "failed" if is_failed else "was cancelled"
        raise WorkspaceError(
            f"Run {run.recovery_id} {what}. {run.error}\nThe end of its log:\n{tail}"
        )

    def _fetch_again_after_trouble(self, each: Followed) -> None:
        """A service that is away for the moment costs no job; what has arrived is not fetched again."""
        if each.fetch is None or not each.fetch.done():
            return
        error = each.fetch.exception()
        if isinstance(error, TransientError):
            self._tell(f"Results of {each.run.run_id} cannot be fetched at the moment: {error}")
            each.fetch = None

    def _outcome(self, each: Followed) -> Outcome:
        error = each.fetch.exception() if each.fetch else None
        if error is None:
            return Outcome()
        log = log_file(each.run.run_id)
        return Outcome(str(error) or type(error).__name__, log if log.is_file() else None)

    def _refused(self, waiting: list[Followed], error: WorkspaceError) -> dict[str, Outcome]:
        self._refusals += 1
        self._tell(f"AzureML refuses to say how the runs are: {error}")
        if self._refusals < MOST_REFUSALS:
            return {}
        sentence = f"{error} The run goes on; the same command finds it again."
        return {each.run.run_id: Outcome(sentence) for each in waiting}

    def _tell(self, sentence: str) -> None:
        if sentence != self._trouble:
            logger.warning("%s", sentence)
        self._trouble = sentence


def _report_missing(run_id: str) -> None:
    raise NotFoundError(f"The workspace has no run {run_id} any more. Was it deleted?")


def log_file(run_id: str) -> Path:
    """Return where the end of a failed run's log is kept."""
    return FOLDER / "logs" / f"{run_id}.log"
