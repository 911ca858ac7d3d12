"""What does one call of Snakemake need to start runs, and when is it made ready?"""

import logging
import os
import secrets
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.credentials import secret_values
from snakemake_executor_plugin_azureml.git_state import read_git_state
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.record import FOLDER, Record
from snakemake_executor_plugin_azureml.results import BrokenOffError, Collector
from snakemake_executor_plugin_azureml.sources import stage_sources
from snakemake_executor_plugin_azureml.store import FileStore, LocalHashes
from snakemake_executor_plugin_azureml.submission import Launch, Submitter
from snakemake_executor_plugin_azureml.tags import submission_tags
from snakemake_executor_plugin_azureml.workspace import Status, Workspace, WorkspaceError

logger = logging.getLogger(__name__)


@dataclass
class Launcher:
    """The parts that submit, follow and collect runs. Nothing is asked of the service before it must.

    `sources` are the files of the workflow, `envvars` what the user lets jobs see.
    """

    options: Options
    sources: Any
    envvars: Mapping[str, str]
    record: Record = field(default_factory=Record)
    hashes: LocalHashes = field(default_factory=lambda: LocalHashes(FOLDER / "hashes.json"))
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    stop: threading.Event = field(default_factory=threading.Event)
    """Is set when Snakemake is told to end: nothing further is moved or submitted."""
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _workspace: Workspace | None = None
    _submitter: Submitter | None = None
    _staged: dict[tuple[str, ...], Path] = field(default_factory=dict)

    @property
    def workflow_run(self) -> str:
        """The tag that all runs of this call have."""
        return f"{self.started:%Y%m%dT%H%M%S}-{self.token}"

    @property
    def workspace(self) -> Workspace:
        """The workspace, signed in.

        Raises:
            WorkspaceError: sign-in, workspace or cluster are not what the options say.
        """
        with self._lock:
            if self._workspace is None:
                workspace = connect(self.options)
                self._require_cluster(workspace)
                self._workspace = workspace
            return self._workspace

    @property
    def submitter(self) -> Submitter:
        """What makes runs."""
        with self._lock:
            if self._submitter is None:
                datastore = self.options.datastore or next(iter(self.workspace.datastores()))
                self._submitter = Submitter(
                    workspace=self.workspace,
                    options=self.options,
                    record=self.record,
                    store=FileStore(self.workspace, datastore, self.hashes, self.require_going_on),
                    launch=self._launch(),
                    require_going_on=self.require_going_on,
                )
            return self._submitter

    @property
    def collector(self) -> Collector:
        """What fetches results."""
        return Collector(
            self.workspace, only_declared=self.options.download == "declared", stop=self.stop
        )

    def require_going_on(self) -> None:
        """Let nothing further begin once Snakemake ends.

        Raises:
            BrokenOffError: it does.
        """
        if self.stop.is_set():
            raise BrokenOffError("Snakemake ends before the run was submitted.")

    def finish_parents(self, status: Status) -> None:
        """Say how the parents of this call ended."""
        with self._lock:
            for run_id in self._submitter.parents_in_use if self._submitter else ():
                try:
                    self.workspace.finish_parent(run_id, status)
                except WorkspaceError as error:
                    logger.warning("The parent run %s could not be ended: %s", run_id, error)

    def _launch(self) -> Launch:
        options = self.options
        return Launch(
            workflow_run=self.workflow_run,
            started=int(self.started.timestamp()),
            image=options.image,
            tags=partial(
                submission_tags,
                workflow_run=self.workflow_run,
                source=read_git_state(Path.cwd()),
                command_line=sys.argv,
                environ=os.environ,
                tag=options.tag,
                stated=options.tags,
            ),
            variables=self.envvars,
            sources=self._stage,
        )

    def _stage(self, folders: tuple[str, ...]) -> Path:
        with self._lock:
            if folders not in self._staged:
                target = FOLDER / "sources" / str(len(self._staged))
                known = secret_values(os.environ)
                self._staged[folders] = stage_sources(self.sources(), folders, target, known)
            return self._staged[folders]

    def _require_cluster(self, workspace: Workspace) -> None:
        names = sorted(cluster.name for cluster in workspace.clusters())
        if self.options.cluster not in names:
            raise WorkspaceError(
                f"The workspace {workspace.name} has no cluster {self.options.cluster!r}; "
                f"its clusters are {', '.join(names) or 'none'}. Name one by --azureml-cluster NAME."
            )
