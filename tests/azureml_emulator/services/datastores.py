"""Datastores: containers of storage under names, with the right to use them."""

from typing import Any

from azureml_emulator.exchange import HttpError, Request, Response, page, reply, route
from azureml_emulator.places import ACCOUNT, WS
from azureml_emulator.state import State

DATASTORES = "/datastore/v1.0" + WS


@route("aml", "GET", DATASTORES + "/default")
def default(state: State, request: Request, **_: str) -> Response:
    """The default one."""
    return reply(_described(state, next(iter(state.datastores))))


@route("aml", "GET", DATASTORES + "/datastores")
def list_all(state: State, request: Request, **_: str) -> Response:
    """All of them."""
    every = [_described(state, name) for name in state.datastores]
    shown, following = page(every, state.settings.page_size, request.q("continuationToken"))
    return reply({"value": shown, "continuationToken": following})


@route("aml", "GET", DATASTORES + "/datastores/{name}")
def describe(state: State, request: Request, name: str, **_: str) -> Response:
    """One of them."""
    if name not in state.datastores:
        raise HttpError(404, "UserError", f"Could not find datastore with name {name}.")
    return reply(_described(state, name))


def _described(state: State, name: str) -> dict[str, Any]:
    container = state.datastores[name]
    sas = state.tokens.sas(container)
    return {
        "name": name,
        "dataStoreType": "AzureBlob",
        "azureStorageSection": {
            "accountName": ACCOUNT,
            "containerName": container,
            "endpoint": "core.windows.net",
            "protocol": "https",
            "credentialType": "Sas",
            "credential": sas,
            "sasToken": sas,
        },
    }
