"""At which addresses does Azure answer? One set for the world, others for two governments."""

from collections.abc import Mapping
from dataclasses import dataclass

from snakemake_executor_plugin_azureml.workspace import WorkspaceError

CLOUD = "AZUREML_CURRENT_CLOUD"
"""The variable by which azureml-core, too, learns the name of the cloud."""


@dataclass(frozen=True)
class Cloud:
    """Where to sign in, where resources are managed, and for what tokens are asked."""

    sign_in: str
    management: str
    audience: str


CLOUDS = {
    "AzureCloud": Cloud(
        "https://login.microsoftonline.com",
        "https://management.azure.com",
        "https://management.core.windows.net/",
    ),
    "AzureUSGovernment": Cloud(
        "https://login.microsoftonline.us",
        "https://management.usgovcloudapi.net",
        "https://management.core.usgovcloudapi.net/",
    ),
    "AzureChinaCloud": Cloud(
        "https://login.chinacloudapi.cn",
        "https://management.chinacloudapi.cn",
        "https://management.core.chinacloudapi.cn/",
    ),
}


def cloud_of(environ: Mapping[str, str]) -> Cloud:
    """Return the cloud that the environment names.

    Raises:
        WorkspaceError: there is no such cloud.
    """
    name = environ.get(CLOUD) or "AzureCloud"
    if name not in CLOUDS:
        raise WorkspaceError(f"{CLOUD} is {name!r}; allowed are {', '.join(CLOUDS)}.")
    return CLOUDS[name]
