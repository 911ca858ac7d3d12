"""How are runs looked at, marked and ended?"""

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from snakemake_executor_plugin_azureml.azureml_workspace.client import Client
from snakemake_executor_plugin_azureml.azureml_workspace.logs import ending_of_logs
from snakemake_executor_plugin_azureml.azureml_workspace.part import Part
from snakemake_executor_plugin_azureml.azureml_workspace.service import PAGE, Service
from snakemake_executor_plugin_azureml.workspace import NotFoundError, Run, Status

logger = logging.getLogger(__name__)

ENDED = {"Completed": Status.COMPLETED, "Failed": Status.FAILED, "Canceled": Status.CANCELED}
KNOWN_ALIVE = frozenset(
    {
        *("NotStarted", "Queued", "Provisioning", "Preparing", "Starting", "Running"),
        *("Finalizing", "CancelRequested", "NotResponding", "Pausing", "Paused", "Unapproved"),
    }
)
EVENT = "Microsoft.MachineLearning.Run"


class Runs(Part):
    """The verbs on runs, but for starting them."""

    def __init__(self, service: Service, client: Client) -> None:
        super().__init__(service, client)
        self._experiments: dict[str, str] = {}
        """Name of each experiment by its id."""
        self._homes: dict[str, str] = {}
        """Experiment of each run that was looked at."""
        self._strange: set[str] = set()
        self._runs_lock = threading.Lock()

    def start_parent(self, run_id: str, experiment: str, tags: Mapping[str, str]) -> None:
        """Make a run without a command, to hold others; an existing one is kept and gets the tags."""
        try:
            run = self.run(run_id)
        except NotFoundError:
            self._make_experiment(experiment)
            run = self._make_parent(run_id, experiment, tags)
        else:
            self.set_tags(run_id, tags)
        if run.service_status == "NotStarted":
            self._tell(run, "Start", StartTime=_now())

    def finish_parent(self, run_id: str, status: Status) -> None:
        """Say how a parent ended: completed, failed or canceled."""
        if status is Status.ALIVE:
            raise ValueError("A parent that is alive has not finished.")
        run = self.run(run_id)
        if run.status is Status.ALIVE:
            self._tell(run, status.value.capitalize(), EndTime=_now())

    def run(self, run_id: str) -> Run:
        """Return one run; NotFoundError where it does not exist."""
        url = self._service.url("history", "runs", run_id)
        return self._run_of(self._service.read("GET", url, f"run {run_id}"))

    def runs_by_tag(self, experiment: str, name: str, value: str) -> list[Run]:
        """Return all runs of an experiment with a tag, children too; one query, paged."""
        return self._query(experiment, {"filter": f'(Tags/{name} eq "{value}")'})

    def experiment_runs(self, experiment: str) -> list[Run]:
        """Return all runs of an experiment, children too; none where there is no such experiment."""
        return self._query(experiment, {})

    def children(self, run_id: str) -> list[Run]:
        """Return the runs below a run, oldest first."""
        home = self._home_of(run_id)
        url = self._service.url("history", "experiments", home, "runs", run_id, "children")
        params = {"$orderby": "StartTimeUtc desc", "$top": PAGE}
        pages = self._service.pages(
            url, f"children of run {run_id}", token="$continuationToken", params=params
        )
        records = sorted(pages, key=lambda record: record.get("createdUtc") or "")
        return [self._run_of(record, home) for record in records]

    def cancel(self, run_id: str) -> None:
        """Ask for the end of a run; one that has ended is left alone."""
        about = f"run {run_id}"
        record = self._service.read("GET", self._service.url("history", "runs", run_id), about)
        run = self._run_of(record)
        if run.status is not Status.ALIVE:
            return
        if record.get("cancelUri"):
            self._service.ask("POST", record["cancelUri"], about)
        else:  # one that no cluster computes
            self._tell(run, "Canceled", EndTime=_now())

    def set_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        """Add tags to a run, or change them."""
        self._change(run_id, {"tags": texts(tags)})

    def log_tail(self, run_id: str, lines: int) -> str:
        """Return the end of what a run's processes printed; empty where there is nothing."""
        return ending_of_logs(self._service, run_id, lines)

    def _query(self, experiment: str, query: Mapping[str, Any]) -> list[Run]:
        url = self._service.url("history", "experiments", experiment, "runs:query")
        body = {**query, "orderby": "StartTimeUtc desc", "top": PAGE}
        found: list[Run] = []
        while True:
            try:
                page = self._service.read("POST", url, f"experiment {experiment}", json=body)
            except NotFoundError:
                return found
            found += [self._run_of(record, experiment) for record in page.get("value") or []]
            token = page.get("continuationToken")
            if not token or token == body.get("continuationToken"):
                return found
            body["continuationToken"] = token

    def _change(self, run_id: str, values: Mapping[str, Any]) -> None:
        """Change what a record says; a run that does not exist would be made by this."""
        url = self._service.url("history", "experiments", self._home_of(run_id), "runs", run_id)
        self._service.read("PATCH", url, f"run {run_id}", json={"runId": run_id, **values})

    def _make_experiment(self, name: str) -> None:
        url = self._service.url("history", "experiments", name)
        about = f"experiment {name}"
        try:
            self._service.read("GET", url, about)
        except NotFoundError:
            self._service.read("POST", url, about)

    def _make_parent(self, run_id: str, experiment: str, tags: Mapping[str, str]) -> Run:
        url = self._service.url("history", "experiments", experiment, "runs", run_id)
        record = {
            "runId": run_id,
            "name": run_id,
            "displayName": run_id,
            "target": "local",
            "runTypeV2": {"orchestrator": "External", "traits": ["unspecified"]},
            "tags": texts(tags),
        }
        made = self._service.read("PATCH", url, f"run {run_id}", json=record)
        return self._run_of(made, experiment)

    def _tell(self, run: Run, event: str, **data: str) -> None:
        """Tell the service of an event in the life of a run that no cluster computes."""
        url = self._service.url(
            "history", "experiments", run.experiment, "runs", run.run_id, "events"
        )
        message = {
            "timestamp": _now(),
            "name": f"{EVENT}.{event}",
            "data": {"RunId": run.run_id, **data},
        }
        self._service.ask("POST", url, f"run {run.run_id}", json=message)

    def _run_of(self, record: Mapping[str, Any], experiment: str = "") -> Run:
        word = str(record.get("status") or "")
        if word not in ENDED and word not in KNOWN_ALIVE and word not in self._strange:
            self._strange.add(word)
            logger.warning("Run %s is %r, which is taken as alive.", record["runId"], word)
        error = ((record.get("error") or {}).get("error") or {}).get("message") or ""
        run = Run(
            run_id=record["runId"],
            experiment=experiment or self._experiment_of(record["experimentId"]),
            status=ENDED.get(word, Status.ALIVE),
            service_status=word,
            parent=record.get("parentRunId"),
            error=error,
            tags=dict(record.get("tags") or {}),
        )
        self._homes[run.run_id] = run.experiment
        return run

    def _experiment_of(self, experiment_id: str) -> str:
        with self._runs_lock:
            if experiment_id not in self._experiments:
                url = self._service.url("history", "experimentids", experiment_id)
                about = f"experiment {experiment_id}"
                self._experiments[experiment_id] = self._service.read("GET", url, about)["name"]
            return self._experiments[experiment_id]

    def _home_of(self, run_id: str) -> str:
        return self._homes.get(run_id) or self.run(run_id).experiment


def texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Return plain texts: the service takes no numbers here, least of all numpy's."""
    return {str(name): str(value) for name, value in values.items()}


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
