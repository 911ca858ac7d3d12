"""What do the parts of the workspace have in common?"""

from snakemake_executor_plugin_azureml.azureml_workspace.client import Client
from snakemake_executor_plugin_azureml.azureml_workspace.service import Service


class Part:
    """Some verbs of a workspace, which ask the service, or let azureml-core do so."""

    def __init__(self, service: Service, client: Client) -> None:
        self.name = service.scope.workspace
        self._service = service
        self._client = client
