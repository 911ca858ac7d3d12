"""How is a run started, once and only once, however often it must be tried?"""

from typing import Any

from snakemake_executor_plugin_azureml.azureml_workspace.client import Client
from snakemake_executor_plugin_azureml.azureml_workspace.client_library import keep_remote_private
from snakemake_executor_plugin_azureml.azureml_workspace.definition import script_run
from snakemake_executor_plugin_azureml.azureml_workspace.inventory import Inventory
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from snakemake_executor_plugin_azureml.azureml_workspace.runs import Runs, texts
from snakemake_executor_plugin_azureml.azureml_workspace.service import Service
from snakemake_executor_plugin_azureml.azureml_workspace.snapshot import require_room, too_large
from snakemake_executor_plugin_azureml.workspace import NotFoundError, RunRequest, WorkspaceError

THERE_ALREADY = 409
TOO_LARGE = 413


class Submissions(Runs, Inventory):
    """The verb that starts runs."""

    def __init__(self, service: Service, client: Client) -> None:
        super().__init__(service, client)
        self._known_clusters: set[str] = set()
        self._known_environments: set[str] = set()

    def submit(self, request: RunRequest) -> None:
        """Start a run. Where a run of that id exists already, it is kept and gets the tags.

        Raises:
            WorkspaceError: cluster or environment are not there, the sources are too large, or
                the service does not want the run.
        """
        require_room(request.sources)
        self._require_cluster(request.cluster)
        self._require_environment(request.image.name)
        keep_remote_private()
        try:
            self._service.persist(lambda: self._submit_once(request), f"run {request.run_id}")
        except WorkspaceError as error:
            if isinstance(error.__cause__, RefusedError) and error.__cause__.status == TOO_LARGE:
                raise WorkspaceError(too_large(request.sources)) from error
            raise
        self._homes[request.run_id] = request.experiment
        named = {"displayName": request.display_name} if request.display_name else {}
        self._change(request.run_id, {"tags": texts(request.tags), **named})

    def _submit_once(self, request: RunRequest) -> None:
        """Start a run, unless it is there: an earlier try may have done more than it could tell."""
        if self._exists(request.run_id):
            return
        try:
            self._client.call(lambda workspace: _submit(workspace, request))
        except RefusedError as refusal:
            if refusal.status == 404:  # it is not the run that is missing
                raise RefusedError(400, refusal.words) from refusal
            if refusal.status != THERE_ALREADY or not self._exists(request.run_id):
                raise

    def _exists(self, run_id: str) -> bool:
        try:
            self._service.once("GET", self._service.url("history", "runs", run_id))
        except RefusedError as refusal:
            if refusal.status == 404:
                return False
            raise
        return True

    def _require_cluster(self, name: str) -> None:
        if name in self._known_clusters:
            return
        names = [cluster.name for cluster in self.clusters()]
        if name not in names:
            raise NotFoundError(
                f"The workspace {self.name} has no cluster {name!r}; its clusters are "
                f"{', '.join(sorted(names)) or 'none'}. Name one by --azureml-cluster NAME."
            )
        self._known_clusters.update(names)

    def _require_environment(self, name: str) -> None:
        if not name or name in self._known_environments:
            return
        if not self.environment_exists(name):
            raise NotFoundError(
                f"The workspace {self.name} has no environment {name!r}. Register it, or let one be "
                "made from a conda file."
            )
        self._known_environments.add(name)


def _submit(workspace: Any, request: RunRequest) -> None:
    from azureml.core import Experiment, Run  # noqa: PLC0415

    config = script_run(workspace, request)
    experiment = Experiment(workspace, request.experiment)
    if request.parent is None:
        experiment.submit(config, run_id=request.run_id)
    else:
        Run(experiment, request.parent).submit_child(config, run_id=request.run_id)
