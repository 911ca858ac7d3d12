"""Run history: experiments, runs, their tags, children and events."""

import re
from typing import Any

from azureml_emulator.exchange import HttpError, Request, Response, page, reply, route
from azureml_emulator.filters import matches
from azureml_emulator.history import Record, shown
from azureml_emulator.places import WS
from azureml_emulator.state import State

HISTORY = "/history/v1.0" + WS
RUN = HISTORY + "/experiments/{exp}/runs/{run_id}"
RUN_BY_EXPERIMENT_ID = HISTORY + "/experimentids/{eid}/runs/{run_id}"
EVENTS = {
    "Microsoft.MachineLearning.Run.Start": "Running",
    "Microsoft.MachineLearning.Run.Completed": "Completed",
    "Microsoft.MachineLearning.Run.Failed": "Failed",
    "Microsoft.MachineLearning.Run.Canceled": "Canceled",
}
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,255}")


@route("aml", "GET POST", HISTORY + "/experiments/{name}")
def experiment(state: State, request: Request, name: str, **_: str) -> Response:
    """One experiment; POST makes it."""
    return reply(state.history.experiment(name, create=request.method == "POST"))


@route("aml", "GET", HISTORY + "/experimentids/{eid}")
def experiment_by_id(state: State, request: Request, eid: str, **_: str) -> Response:
    """One experiment by its id."""
    return reply(state.history.experiment_by_id(eid))


@route("aml", "GET PATCH", RUN)
@route("aml", "GET PATCH", RUN_BY_EXPERIMENT_ID)
def run(
    state: State, request: Request, run_id: str, exp: str = "", eid: str = "", **_: str
) -> Response:
    """One run; PATCH changes it, and makes it where there is none."""
    history = state.history
    name = exp or history.experiment_by_id(eid)["name"]
    with history.lock:
        if request.method == "PATCH":
            changes = request.json()
            if run_id not in history.runs:
                check_run_id(run_id)
                history.new_run(name, run_id, changes.get("parentRunId"), run_type="")
            history.patch(_run_of(state, run_id, name), changes)
        return reply(shown(_run_of(state, run_id, name)))


@route("aml", "GET", HISTORY + "/runs/{run_id}")
def run_of_workspace(state: State, request: Request, run_id: str, **_: str) -> Response:
    """One run of whatever experiment."""
    return reply(shown(state.history.run(run_id)))


@route("aml", "GET", RUN + "/details")
def details(state: State, request: Request, run_id: str, exp: str, **_: str) -> Response:
    """A run with the addresses of its logs."""
    record = _run_of(state, run_id, exp)
    prefix = f"ExperimentRun/{record['dataContainerId']}/"
    logs = {
        blob.name.removeprefix(prefix): state.tokens.address("azureml", blob.name, "r")
        for blob in state.blobs.below("azureml", prefix)
        if blob.name.removeprefix(prefix).startswith(("user_logs/", "logs/", "system_logs/"))
    }
    keys = ("runId", "target", "status", "startTimeUtc", "endTimeUtc", "error", "properties")
    lists = {"warnings": [], "inputDatasets": [], "outputDatasets": [], "services": {}}
    known = {key: record.get(key) for key in keys}
    return reply(known | {"runDefinition": record.get("_spec"), "logFiles": logs} | lists)


@route("aml", "GET", RUN + "/children")
def children(state: State, request: Request, run_id: str, exp: str, **_: str) -> Response:
    """The runs below a run."""
    _run_of(state, run_id, exp)
    found = [shown(child) for child in state.history.children(run_id)]
    return reply(_page_of(state, found, request.q("$top"), request.q("$continuationToken")))


@route("aml", "POST", HISTORY + "/experiments/{exp}/runs:query")
def query_runs(state: State, request: Request, exp: str, **_: str) -> Response:
    """The runs of an experiment, children too, that a filter means; newest first."""
    state.history.experiment(exp)
    query = request.json() or {}
    with state.history.lock:
        found = [
            shown(record)
            for record in state.history.runs.values()
            if record["_experiment"] == exp
            and (not query.get("filter") or matches(record, query["filter"]))
        ]
    found.sort(key=lambda record: record["runNumber"], reverse=True)
    return reply(_page_of(state, found, query.get("top"), query.get("continuationToken")))


@route("aml", "DELETE", RUN + "/tags")
def delete_tags(state: State, request: Request, run_id: str, exp: str, **_: str) -> Response:
    """Take tags off a run."""
    record = _run_of(state, run_id, exp)
    for name in request.json() or []:
        record["tags"].pop(name, None)
    return reply(shown(record))


@route("aml", "POST", RUN + "/events")
def event(state: State, request: Request, run_id: str, exp: str, **_: str) -> Response:
    """What a client says about a run without a job, such as a parent."""
    record, name = _run_of(state, run_id, exp), request.json()["name"]
    if run_id in state.jobs:
        raise HttpError(400, "UserError", f"Run {run_id} is executed by the service.")
    if name in EVENTS:
        state.history.set_status(record, EVENTS[name])
    return reply({})


@route("aml", "GET", RUN + "/metricsingest/wait")
def wait_for_metrics(state: State, request: Request, **_: str) -> Response:
    """What `cancel` waits for; there are no metrics here."""
    return reply({})


def check_run_id(run_id: str) -> None:
    """Refuse an id that the service would not take."""
    if not RUN_ID.fullmatch(run_id):
        raise HttpError(400, "UserError", f"Run id {run_id!r} has characters that are not allowed.")


def _run_of(state: State, run_id: str, experiment_name: str) -> Record:
    record = state.history.run(run_id)
    if record["_experiment"] != experiment_name:
        raise HttpError(404, "NotFound", f"Run {run_id} is not in experiment {experiment_name}.")
    return record


def _page_of(
    state: State, found: list[Record], top: str | int | None, token: str | None
) -> dict[str, Any]:
    size = min(int(top or state.settings.page_size), state.settings.page_size)
    shown_now, following = page(found, size, token)
    return {"value": shown_now, "continuationToken": following}
