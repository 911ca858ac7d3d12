"""Azure Resource Manager: which subscriptions and workspaces are there? And service discovery."""

from azureml_emulator.exchange import HttpError, Request, Response, reply, route
from azureml_emulator.places import (
    ACCOUNT,
    REGION,
    REGION_HOST,
    RESOURCE_GROUP,
    SUBSCRIPTION,
    TENANT,
    WORKSPACE,
    WORKSPACE_ID,
    WORKSPACE_PATH,
    WS,
    now,
)
from azureml_emulator.state import State

BASE = f"https://{REGION_HOST}"
DISCOVERED = ("api", "experimentation", "history", "hyperdrive", "modelmanagement", "pipelines")


@route("arm", "GET", "/subscriptions")
def list_subscriptions(state: State, request: Request) -> Response:
    """The subscriptions that the principal may see."""
    subscription = {
        "id": f"/subscriptions/{SUBSCRIPTION}",
        "subscriptionId": SUBSCRIPTION,
        "displayName": "Emulated",
        "state": "Enabled",
        "tenantId": TENANT,
    }
    return reply({"value": [subscription]})


@route("arm", "GET", WS)
@route("aml", "GET", "/rp/workspaces" + WS)
def describe_workspace(state: State, request: Request, sub: str, rg: str, ws: str) -> Response:
    """The workspace; 404 for any other one."""
    if sub != SUBSCRIPTION:
        raise HttpError(
            404, "SubscriptionNotFound", f"The subscription '{sub}' could not be found."
        )
    if rg.lower() != RESOURCE_GROUP:
        raise HttpError(404, "ResourceGroupNotFound", f"Resource group '{rg}' could not be found.")
    if ws.lower() != WORKSPACE:
        raise HttpError(
            404,
            "ResourceNotFound",
            f"The Resource 'Microsoft.MachineLearningServices/workspaces/{ws}' under resource "
            f"group '{rg}' was not found.",
        )
    storage = f"/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Storage"
    return reply(
        {
            "id": WORKSPACE_PATH,
            "name": WORKSPACE,
            "location": REGION,
            "tags": {},
            "sku": {"tier": "Basic"},
            "type": "Microsoft.MachineLearningServices/workspaces",
            "properties": {
                "workspaceId": WORKSPACE_ID,
                "friendlyName": WORKSPACE,
                "provisioningState": "Succeeded",
                "creationTime": now(),
                "discoveryUrl": f"{BASE}/discovery",
                "storageAccount": f"{storage}/storageAccounts/{ACCOUNT}",
            },
        }
    )


@route("aml", "GET", "/discovery")
@route("aml", "GET", "/discovery/workspaces/{ws}")
def discover(state: State, request: Request, ws: str = "") -> Response:
    """The addresses of the services: all the same one."""
    return reply(dict.fromkeys(DISCOVERED, BASE) | {"studio": "https://ml.azure.com"})
