"""The executor: what Snakemake asks, answered with runs in AzureML."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from snakemake_interface_common.exceptions import WorkflowError
from snakemake_interface_executor_plugins.executors.base import SubmittedJobInfo
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor

from snakemake_executor_plugin_azureml.following import Followed, Follower
from snakemake_executor_plugin_azureml.job_facts import JobFacts, facts_of, inputs_of
from snakemake_executor_plugin_azureml.launcher import Launcher
from snakemake_executor_plugin_azureml.messages import hand_messages_to
from snakemake_executor_plugin_azureml.options import SettingsError, resolve_options
from snakemake_executor_plugin_azureml.record import State
from snakemake_executor_plugin_azureml.results import BrokenOffError
from snakemake_executor_plugin_azureml.store import named
from snakemake_executor_plugin_azureml.workspace import Status, WorkspaceError

SUBMISSIONS_AT_ONCE = 4
CANCELLATIONS_AT_ONCE = 8
SECONDS_BETWEEN_GLANCES = 0.2


class Executor(RemoteExecutor):
    """Runs each job that is not local as a run in AzureML.

    Runs are submitted in threads, as uploads may take long; they are asked for together.
    """

    workflow: Any  # Snakemake's interface leaves out what every executor uses

    def __post_init__(self) -> None:
        """Read the options; all their faults are told before anything starts."""
        hand_messages_to(self.logger)
        try:
            options = resolve_options(self.workflow.executor_settings, os.environ, Path.cwd())
        except SettingsError as error:
            raise WorkflowError(str(error)) from None
        os.environ.update(options.export())
        for note in options.notes:
            self.logger.info(note)
        self._launcher = Launcher(options, self.workflow.dag.get_sources, self.envvars())
        self._follower = Follower(self._launcher)
        self._submissions = ThreadPoolExecutor(SUBMISSIONS_AT_ONCE, "azureml-submit")
        self._followed: dict[str, Followed] = {}
        self._is_cancelled = threading.Event()
        self._failed: set[Any] = set()

    def run_job(self, job: Any) -> None:
        """Begin to submit a job; Snakemake's own state is read here, in its thread."""
        try:
            facts = self._facts_of(job)
            was_incomplete = self._was_incomplete(job)
        except (WorkflowError, OSError) as error:
            self._fail(SubmittedJobInfo(job), str(error))
            return
        self._submissions.submit(self._submit, job, facts, was_incomplete)

    async def check_active_jobs(  # pyright: ignore[reportIncompatibleMethodOverride]  as they all do
        self, active_jobs: list[SubmittedJobInfo]
    ) -> AsyncGenerator[SubmittedJobInfo, None]:
        """Yield the jobs whose runs are still on their way; report the others."""
        followed = [self._followed[str(info.external_jobid)] for info in active_jobs]
        outcomes = {}
        if followed:
            async with self.status_rate_limiter:
                outcomes = await asyncio.to_thread(self._follower.look, followed)
        for info in active_jobs:
            outcome = outcomes.get(str(info.external_jobid))
            if outcome is None:
                yield info
            elif outcome.error:
                self._followed.pop(str(info.external_jobid), None)
                logs = [str(outcome.log_file)] if outcome.log_file else []
                self._fail(info, outcome.error, logs)
            else:
                self._followed.pop(str(info.external_jobid), None)
                self._failed.discard(info.job)
                self.report_job_success(info)

    def cancel_jobs(self, active_jobs: list[SubmittedJobInfo]) -> None:
        """Cancel all runs of this call; what Snakemake knows of them may lag, so it is not asked."""
        del active_jobs
        self._is_cancelled.set()
        self._launcher.stop.set()
        self._cancel_all()  # at once: a submission that has begun may need a while to end
        self._submissions.shutdown(wait=True, cancel_futures=True)
        self._cancel_all()

    def shutdown(self) -> None:
        """End what this call has begun."""
        self._submissions.shutdown(wait=True, cancel_futures=True)
        super().shutdown()
        self._follower.close()
        if self._is_cancelled.is_set():
            status = Status.CANCELED
        else:
            status = Status.FAILED if self._failed else Status.COMPLETED
        self._launcher.finish_parents(status)

    async def sleep(self) -> None:
        """Wait until the next look at the runs, or until Snakemake ends."""
        left = float(self.next_seconds_between_status_checks)
        while left > 0 and self.wait:
            await asyncio.sleep(min(left, SECONDS_BETWEEN_GLANCES))
            left -= SECONDS_BETWEEN_GLANCES

    def get_python_executable(self) -> str:
        """Return the Python of the environment in which the job finds itself."""
        return "python"

    def _facts_of(self, job: Any) -> JobFacts:
        command = self.format_job_exec(job)
        return facts_of(job, command, self._launcher.hashes.of(named(inputs_of(job))))

    def _was_incomplete(self, job: Any) -> bool:
        """Does the job run for `--rerun-incomplete`, and not because the user wants it made anew?"""
        settings = self.workflow.dag_settings
        if not settings.force_incomplete or settings.forceall or settings.forcerun:
            return False
        jobs = job.jobs if job.is_group() else [job]
        return any(self.dag.reason(each).forced for each in jobs)

    def _submit(self, job: Any, facts: JobFacts, was_incomplete: bool) -> None:
        try:
            run = self._launcher.submitter.submit(facts, was_incomplete=was_incomplete)
            self._followed[run.run_id] = Followed(run, facts)
            self.report_job_submission(SubmittedJobInfo(job, external_jobid=run.run_id))
        except BrokenOffError:
            return  # Snakemake has ended all jobs
        except WorkspaceError as error:
            self._fail(SubmittedJobInfo(job), f"{facts.name} could not be submitted: {error}")
        except Exception as error:  # noqa: BLE001  a thread's error must reach the user
            kind = type(error).__name__
            self._fail(
                SubmittedJobInfo(job), f"{facts.name} could not be submitted: {kind}: {error}"
            )

    def _cancel_all(self) -> None:
        with ThreadPoolExecutor(CANCELLATIONS_AT_ONCE) as pool:
            list(pool.map(self._cancel, list(self._followed)))

    def _cancel(self, run_id: str) -> None:
        with suppress(WorkspaceError):  # one that cannot be cancelled must not keep the others
            self._launcher.workspace.cancel(run_id)
            self._launcher.record.mark(run_id, State.CANCELED)

    def _fail(self, info: SubmittedJobInfo, error: str, logs: list[str] | None = None) -> None:
        self._failed.add(info.job)
        if info.job.is_group():  # Snakemake shows the message of a single job only
            self.logger.error(error)
        self.report_job_error(info, msg=f"{error}\n", aux_logs=logs or [])
