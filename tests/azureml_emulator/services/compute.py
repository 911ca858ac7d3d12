"""The clusters of the workspace."""

from typing import Any

from azureml_emulator.clusters import Cluster
from azureml_emulator.exchange import HttpError, Request, Response, reply, route
from azureml_emulator.places import REGION, WORKSPACE_PATH, WS, now
from azureml_emulator.state import State


@route("aml", "GET", "/rp/workspaces" + WS + "/computes")
def list_clusters(state: State, request: Request, **_: str) -> Response:
    """All clusters."""
    return reply({"value": [_described(cluster) for cluster in state.clusters.values()]})


@route("aml", "GET", "/rp/workspaces" + WS + "/computes/{name}")
def describe_cluster(state: State, request: Request, name: str, **_: str) -> Response:
    """One cluster."""
    if name not in state.clusters:
        raise HttpError(404, "ComputeNotFound", f"Compute {name} was not found in the workspace.")
    return reply(_described(state.clusters[name]))


def _described(cluster: Cluster) -> dict[str, Any]:
    return {
        "id": f"{WORKSPACE_PATH}/computes/{cluster.name}",
        "name": cluster.name,
        "location": REGION,
        "tags": None,
        "type": "Microsoft.MachineLearningServices/workspaces/computes",
        "properties": {
            "computeType": "AmlCompute",
            "provisioningState": cluster.state,
            "provisioningErrors": cluster.errors or None,
            "description": None,
            "resourceId": None,
            "computeLocation": REGION,
            "createdOn": now(),
            "modifiedOn": now(),
            "isAttachedCompute": False,
            "properties": {
                "vmPriority": cluster.priority,
                "vmSize": cluster.vm_size,
                "subnet": None,
                "allocationState": cluster.allocation,
                "currentNodeCount": cluster.used,
                "targetNodeCount": cluster.used,
                "errors": cluster.errors or None,
                "enableNodePublicIp": True,
                "remoteLoginPortPublicAccess": "Disabled",
                "scaleSettings": {
                    "minNodeCount": cluster.min_nodes,
                    "maxNodeCount": cluster.max_nodes,
                    "nodeIdleTimeBeforeScaleDown": "PT120S",
                },
            },
        },
    }
