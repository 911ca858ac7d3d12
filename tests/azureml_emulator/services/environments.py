"""Registered environments, by name and version."""

from azureml_emulator.exchange import HttpError, Request, Response, reply, route
from azureml_emulator.places import WS
from azureml_emulator.state import State

ENVIRONMENTS = "/environment/v1.0" + WS + "/environments"


@route("aml", "GET", ENVIRONMENTS + "/{name}")
@route("aml", "GET", ENVIRONMENTS + "/{name}/versions/{version}")
def describe(state: State, request: Request, name: str, version: str = "", **_: str) -> Response:
    """One environment; the newest version if none is named."""
    versions = state.environments.get(name, {})
    wanted = version or max(versions, key=int, default="")
    if wanted not in versions:
        raise HttpError(404, "EnvironmentNotFound", f"Environment {name} {version} was not found.")
    return reply(versions[wanted])
