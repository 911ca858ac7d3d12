"""What runs are there, and how do they fare? The run history of the workspace."""

import threading
import uuid
from typing import Any

from azureml_emulator.exchange import HttpError
from azureml_emulator.places import REGION_HOST, WORKSPACE_PATH, now

TERMINAL = {"Completed", "Failed", "Canceled"}
NOT_PATCHED = ("runId", "cancelUri", "parentRunId", "rootRunId", "experimentId", "status")

Record = dict[str, Any]
"""A run as clients see it; keys with `_` in front are the emulator's own."""


class History:
    """Experiments and runs; what a terminal status says is final."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.experiments: dict[str, dict[str, Any]] = {}
        self.runs: dict[str, Record] = {}

    def experiment(self, name: str, *, create: bool = False) -> dict[str, Any]:
        """Return an experiment; 404 where there is none."""
        with self.lock:
            if name not in self.experiments:
                if not create:
                    raise HttpError(404, "NotFound", f"Experiment {name} does not exist.")
                self.experiments[name] = {
                    "experimentId": str(uuid.uuid4()),
                    "name": name,
                    "createdUtc": now(),
                    "tags": {},
                }
            return self.experiments[name]

    def experiment_by_id(self, experiment_id: str) -> dict[str, Any]:
        """Return the experiment of an id; 404 where there is none."""
        for experiment in self.experiments.values():
            if experiment["experimentId"] == experiment_id:
                return experiment
        raise HttpError(404, "NotFound", f"Experiment id {experiment_id} does not exist.")

    def run(self, run_id: str) -> Record:
        """Return a run; 404 where there is none."""
        if run_id not in self.runs:
            raise HttpError(404, "NotFound", f"Run {run_id} was not found.")
        return self.runs[run_id]

    def new_run(self, experiment: str, run_id: str, parent: str | None, run_type: str) -> Record:
        """Add a run that has not started."""
        with self.lock:
            info = self.experiment(experiment, create=True)
            record = {
                "runNumber": len(self.runs) + 1,
                "runId": run_id,
                "runUuid": str(uuid.uuid4()),
                "experimentId": info["experimentId"],
                "parentRunId": parent,
                "rootRunId": self.run(parent)["rootRunId"] if parent else run_id,
                "createdUtc": now(),
                "status": "NotStarted",
                "name": run_id,
                "displayName": run_id,
                "dataContainerId": f"dcid.{run_id}",
                "runType": run_type,
                "properties": {},
                "tags": {},
                "hidden": False,
                "token": None,
                "cancelUri": f"https://{REGION_HOST}/execution/v1.0{WORKSPACE_PATH}"
                f"/experiments/{experiment}/runId/{run_id}/cancel",
                "_experiment": experiment,
                "_statuses": ["NotStarted"],
            }
            self.runs[run_id] = record
            return record

    def patch(self, record: Record, changes: dict[str, Any]) -> None:
        """Merge changes into a run: tags may change, properties are only ever added."""
        with self.lock:
            properties = {key: str(text) for key, text in (changes.get("properties") or {}).items()}
            for key, text in properties.items():
                if record["properties"].get(key, text) != text:
                    raise HttpError(400, "UserError", f"Property {key} cannot be changed.")
            record["properties"].update(properties)
            tags = changes.get("tags") or {}
            record["tags"].update({key: str(text) for key, text in tags.items()})
            for key, value in changes.items():
                if value is not None and key not in (*NOT_PATCHED, "tags", "properties"):
                    record[key] = value
            if changes.get("status"):
                self.set_status(record, changes["status"])

    def set_status(self, record: Record, status: str, error: str = "") -> bool:
        """Give a run a status, unless it has ended; say whether it took it."""
        with self.changed:
            if record["status"] in TERMINAL:
                return False
            if record["status"] != status:
                record["_statuses"].append(status)
            record["status"] = status
            if status == "Running":
                record.setdefault("startTimeUtc", now())
            if status in TERMINAL:
                record["endTimeUtc"] = now()
            if error:
                record["error"] = {"error": {"code": "UserError", "message": error}}
            self.changed.notify_all()
            return True

    def children(self, run_id: str) -> list[Record]:
        """Return the runs below a run, oldest first."""
        return [run for run in list(self.runs.values()) if run["parentRunId"] == run_id]


def shown(record: Record) -> Record:
    """Return what clients see of a run."""
    return {key: value for key, value in record.items() if not key.startswith("_")}
