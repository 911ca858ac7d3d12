"""How does a job become a run, once and only once?"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from snakemake_executor_plugin_azureml import names
from snakemake_executor_plugin_azureml.data_sets import (
    UploadProgress,
    data_set_mount,
    local_files,
    size_warning,
)
from snakemake_executor_plugin_azureml.job_facts import JobFacts
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.record import Parent, Record, State, Try
from snakemake_executor_plugin_azureml.sources import NODE_PROGRAM
from snakemake_executor_plugin_azureml.store import FileStore, named, recovery_name
from snakemake_executor_plugin_azureml.workspace import (
    Image,
    Mount,
    NotFoundError,
    Run,
    RunRequest,
    Status,
    Workspace,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Launch:
    """What all runs of one call of Snakemake have in common."""

    workflow_run: str
    """Tag by which the runs are asked for together."""
    started: int
    """Time of the call, in seconds since 1970."""
    image: Image
    tags: Callable[..., dict[str, str]]
    """Makes the tags of a run, as `submission_tags`."""
    variables: Mapping[str, str]
    sources: Callable[[tuple[str, ...]], Path]
    """Stages the code, with further folders, once; returns the folder."""


@dataclass
class Submitter:
    """Finds the run of a job, or makes one."""

    workspace: Workspace
    options: Options
    record: Record
    store: FileStore
    launch: Launch
    parents_in_use: set[str] = field(default_factory=set)
    require_going_on: Callable[[], None] = lambda: None
    """Raises where no run may be submitted any more."""
    _places: threading.RLock = field(default_factory=threading.RLock)

    def submit(self, facts: JobFacts, *, was_incomplete: bool = False) -> Run:
        """Return the run of a job: one that is alive or finished from an earlier call, or a new one.

        `was_incomplete`: results of the job are here, but not known to be whole; their run has them.
        """
        tries = self.record.tries(facts.identity)
        run = self._run_of_earlier_call(tries, facts, was_incomplete) if tries else None
        if run is not None:
            logger.info("%s goes on as run %s (%s).", facts.name, run.run_id, run.service_status)
            self.workspace.set_tags(run.run_id, {"workflow_run": self.launch.workflow_run})
            self.record.mark(run.run_id, State.SUBMITTED)
            if run.parent:
                with self._places:
                    self.parents_in_use.add(run.parent)
            return run
        return self._start(facts)

    def _run_of_earlier_call(
        self, tries: list[Try], facts: JobFacts, was_incomplete: bool
    ) -> Run | None:
        last = tries[-1]
        is_asked_for = last.state in (State.SUBMITTED, State.CANCELED) or (
            was_incomplete and last.state is State.COLLECTED
        )
        if not is_asked_for:
            return None
        try:
            run = self.workspace.run(last.run_id)
        except NotFoundError:
            return None  # written down, but never made
        if run.status in (Status.FAILED, Status.CANCELED):
            is_failed = run.status is Status.FAILED
            self.record.mark(run.run_id, State.FAILED if is_failed else State.CANCELED)
            return None
        if last.state is State.CANCELED and run.status is not Status.COMPLETED:
            return None  # it is ending; had it been done before it was cancelled, its results would count
        if last.key == facts.key:
            return run
        if run.status is Status.ALIVE:
            logger.info("%s has changed; its run %s is cancelled.", facts.name, run.run_id)
            self.workspace.cancel(run.run_id)
        self.record.mark(run.run_id, State.CANCELED)
        return None

    def _start(self, facts: JobFacts) -> Run:
        run_id, parent = self._claim(facts)
        experiment = self.options.experiment
        request = RunRequest(
            run_id=run_id,
            experiment=experiment,
            command=f"python {NODE_PROGRAM} jobs/{run_id}.json",
            sources=self.launch.sources(facts.wishes.sources),
            cluster=self.options.cluster,
            image=self.launch.image,
            mounts={"files": self.store.mount, **self._data_mount(facts)},
            variables=self.launch.variables,
            tags=self.launch.tags(
                experiment=experiment,
                run=run_id,
                of_the_job=facts.wishes.tags,
                attempt=names.attempt_of(run_id),
            ),
            parent=parent,
            display_name=f"{Path(facts.wishes.parent).name} {facts.wishes.child}" if parent else "",
            num_nodes=facts.wishes.nodes,
            time_limit_s=facts.wishes.time_limit_s or self.options.time_limit_s,
        )
        self.store.add_json(f"jobs/{run_id}.json", self._job(facts, run_id))
        self.require_going_on()
        self.workspace.submit(request)
        logger.info("%s is run %s of experiment %s.", facts.name, run_id, experiment)
        return Run(run_id, experiment, Status.ALIVE, "Submitted", parent)

    def _claim(self, facts: JobFacts) -> tuple[str, str | None]:
        """Write down the try that comes next; two jobs at the same time never get the same id."""
        with self._places:
            run_id, parent = self._place_of(facts)
            if run_id not in {each.run_id for each in self.record.tries(facts.identity)}:
                self.record.add(
                    facts.identity,
                    Try(run_id, self.options.experiment, facts.key, outputs=facts.outputs),
                )
            return run_id, parent

    def _place_of(self, facts: JobFacts) -> tuple[str, str | None]:
        """Return the id of a new run of a job, and that of its parent.

        A try that was written down but never became a run is submitted under its own id.
        """
        tries = self.record.tries(facts.identity)
        parent = self._parent_of(facts, tries) if facts.wishes.parent else None
        if tries and tries[-1].state is State.SUBMITTED and tries[-1].key == facts.key:
            return tries[-1].run_id, parent
        if parent:
            earlier = self.record.count(names.child_id(parent, facts.wishes.child))
            return names.child_id(parent, facts.wishes.child, attempt=earlier + 1), parent
        if tries and tries[-1].state is not State.COLLECTED:
            base = names.without_attempt(tries[-1].run_id)
            return f"{base}-r{self.record.count(base) + 1}", None
        key = f"{facts.identity} {self.launch.workflow_run}"
        base = names.run_id(self.options.experiment, self.launch.started, key)
        attempt = self.record.count(base) + 1  # once more within this call, after success
        return names.run_id(self.options.experiment, self.launch.started, key, attempt), None

    def _parent_of(self, facts: JobFacts, tries: list[Try]) -> str:
        """Return the parent of a job's runs; one whose child is made anew after success gets a new one."""
        child, name = facts.wishes.child, facts.wishes.parent
        with self._places:
            parent = self.record.parent(name)
            is_made_anew = bool(tries) and tries[-1].state is State.COLLECTED
            if parent is None or (child in parent.children and is_made_anew):
                key = f"{name} {self.launch.workflow_run}"
                parent = Parent(names.parent_id(key), self.options.experiment)
            if child not in parent.children:
                parent = replace(parent, children={**parent.children, child: facts.identity})
                self.record.set_parent(name, parent)
            if parent.run_id not in self.parents_in_use:
                tags = self.launch.tags(
                    experiment=parent.experiment,
                    run=parent.run_id,
                    of_the_job=facts.wishes.parent_tags,
                )
                self.workspace.start_parent(parent.run_id, parent.experiment, tags)
                self.parents_in_use.add(parent.run_id)
            return parent.run_id

    def _job(self, facts: JobFacts, run_id: str) -> dict[str, object]:
        logs = sorted({str(Path(log).parent) for log in facts.logs} - {"."})
        return {
            "command": facts.command,
            "inputs": self.store.add(named(facts.inputs)),
            "outputs": facts.outputs,
            "logs": facts.logs,
            "log_folders": [folder for folder in logs if Path(folder).parts[0] != "logs"],
            "recovery": recovery_name(run_id),
            "data_files": self._data_list(facts),
        }

    def _data_list(self, facts: JobFacts) -> str | None:
        """Upload a local data set; return the name of its list in the store."""
        folder = facts.wishes.data_folder
        if not folder or facts.wishes.data:
            return None
        files = {path.relative_to(folder).as_posix(): path for path in local_files(Path(folder))}

        def announce(total_bytes: int) -> UploadProgress:
            if warning := size_warning(total_bytes, self.options.upload_warning_bytes):
                logger.warning("%s", warning)
            return UploadProgress(folder, total_bytes)

        return self.store.add_list(self.store.add(files, announce))

    def _data_mount(self, facts: JobFacts) -> dict[str, Mount]:
        name = facts.wishes.data
        return {"data": data_set_mount(self.workspace, self.options, name)} if name else {}
