"""Where is everything? The names of the one emulated workspace and of what belongs to it."""

import datetime as dt

TENANT = "00000000-0000-0000-0000-00000000aaaa"
PRINCIPAL = "00000000-0000-0000-0000-00000000c0de"
SECRET = "the-emulated-principal's~secret"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
RESOURCE_GROUP = "emulated-rg"
WORKSPACE = "emulated-ws"
WORKSPACE_ID = "00000000-0000-0000-0000-00000000beef"
REGION = "westeurope"
REGION_HOST = f"{REGION}.api.azureml.ms"
ACCOUNT = "emulatedstorage"
BLOB_HOST = f"{ACCOUNT}.blob.core.windows.net"
ARTIFACT_CONTAINER = "azureml"
BLOBSTORE_CONTAINER = f"azureml-blobstore-{WORKSPACE_ID}"
SNAPSHOT_CONTAINER = "snapshots"
DATASETS_CONTAINER = "datasets"
DATASTORES = {
    "workspaceblobstore": BLOBSTORE_CONTAINER,
    "workspaceartifactstore": ARTIFACT_CONTAINER,
    "innereyedatasets": DATASETS_CONTAINER,
}
WORKSPACE_PATH = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{RESOURCE_GROUP}"
    f"/providers/Microsoft.MachineLearningServices/workspaces/{WORKSPACE}"
)

# The same in the pattern of a route.
WS = (
    "/subscriptions/{sub}/resourceGroups/{rg}"
    "/providers/Microsoft.MachineLearningServices/workspaces/{ws}"
)


def now() -> str:
    """Return the time as the service writes it."""
    return dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
