"""Registered data sets: what folder is meant by a name?"""

from azureml_emulator.exchange import HttpError, Request, Response, reply, route
from azureml_emulator.places import WS
from azureml_emulator.state import State


@route("aml", "GET", "/dataset/v1.0" + WS + "/datasets/query/name={name}")
def describe(state: State, request: Request, name: str, **_: str) -> Response:
    """The newest version of a data set; its `dataflow` says where the files are."""
    if name not in state.data_sets:
        raise HttpError(404, "UserError", f"Cannot find data set with name {name}.")
    known = state.data_sets[name]
    latest = {
        "datasetId": known["id"],
        "versionId": "1",
        "savedDatasetId": known["savedId"],
        "dataflow": known["dataflow"],
        "properties": {},
    }
    return reply(
        {
            "datasetId": known["id"],
            "name": name,
            "tags": {},
            "description": None,
            "datasetType": "file",
            "isVisible": True,
            "datasetState": {"state": "active"},
            "latest": latest,
        }
    )
