"""Execution: a definition and a snapshot become a run on a cluster; and the end of a run."""

import uuid
from typing import Any

from azureml_emulator.exchange import HttpError, Request, Response, reply, route
from azureml_emulator.history import Record
from azureml_emulator.places import WS
from azureml_emulator.services.run_history import check_run_id
from azureml_emulator.state import State

EXECUTION = "/execution/v1.0" + WS + "/experiments/{exp}"
COMMUNICATORS = ("none", "nccl")


@route("aml", "POST", EXECUTION + "/snapshotrun")
def submit(state: State, request: Request, exp: str, **_: str) -> Response:
    """Start a run; 409 where one of that id exists."""
    definition, run_id = request.json(), request.q("runId") or uuid.uuid4().hex
    spec = definition["Configuration"]
    check_run_id(run_id)
    _check(state, spec, definition.get("SnapshotId"))
    with state.history.lock:
        if run_id in state.history.runs:
            raise HttpError(409, "Conflict", f"Run {run_id} already exists.")
        parent = definition.get("ParentRunId")
        record = state.history.new_run(exp, run_id, parent, run_type="azureml.scriptrun")
        _describe(record, spec, definition["SnapshotId"])
        state.start_job(record)
    return reply({"runId": run_id})


@route("aml", "POST", EXECUTION + "/runId/{run_id}/cancel")
def cancel(state: State, request: Request, run_id: str, **_: str) -> Response:
    """Ask for the end of a run; one that has ended stays as it is."""
    record = state.history.run(run_id)
    if run_id in state.jobs:
        state.jobs[run_id].cancel()
    else:
        state.history.set_status(record, "Canceled")
    return reply({})


def _check(state: State, spec: dict[str, Any], snapshot: str | None) -> None:
    target, nodes = spec["target"], int(spec.get("nodeCount") or 1)
    if target not in state.clusters:
        raise HttpError(400, "UserError", f"Unknown compute target '{target}'.")
    if nodes > state.clusters[target].max_nodes:
        raise HttpError(400, "UserError", f"{nodes} nodes are more than the cluster can have.")
    if snapshot not in state.snapshots:
        raise HttpError(400, "UserError", f"Snapshot {snapshot} does not exist.")
    for reference in (spec.get("dataReferences") or {}).values():
        if reference["dataStoreName"] not in state.datastores:
            name = reference["dataStoreName"]
            raise HttpError(400, "UserError", f"Could not find datastore with name {name}.")
    communicator = (spec.get("communicator") or "None").lower()
    if communicator not in COMMUNICATORS or spec.get("data") or spec.get("outputData"):
        raise HttpError(501, "NotEmulated", f"communicator {communicator}, data or outputData")
    if not spec.get("command"):
        raise HttpError(501, "NotEmulated", "a script instead of a command")


def _describe(record: Record, spec: dict[str, Any], snapshot: str) -> None:
    record["target"] = spec["target"]
    record["tags"].update({key: str(text) for key, text in (spec.get("tags") or {}).items()})
    record["properties"]["azureml.ComputeTargetType"] = "amlctrain"
    if isinstance(spec["command"], list):
        spec["command"] = " ".join(spec["command"])  # unquoted, as the service does
    record["_spec"], record["_snapshot"] = spec, snapshot
    if spec.get("displayName"):
        record["displayName"] = spec["displayName"]
