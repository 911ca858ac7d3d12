"""The workspace with all its verbs: signed in, and each verb from the part that knows it."""

import logging
from collections.abc import Mapping

from snakemake_executor_plugin_azureml.azureml_workspace.account import Account
from snakemake_executor_plugin_azureml.azureml_workspace.client import Client
from snakemake_executor_plugin_azureml.azureml_workspace.clouds import cloud_of
from snakemake_executor_plugin_azureml.azureml_workspace.datastores import Datastores
from snakemake_executor_plugin_azureml.azureml_workspace.inventory import Inventory
from snakemake_executor_plugin_azureml.azureml_workspace.models import Models
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.azureml_workspace.run_files import RunFiles
from snakemake_executor_plugin_azureml.azureml_workspace.service import Scope, Service
from snakemake_executor_plugin_azureml.azureml_workspace.submission import Submissions
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.workspace import NotFoundError, Workspace

MANAGEMENT_VERSION = {"api-version": "2022-05-01"}

logger = logging.getLogger(__name__)


class AzureMLWorkspace(Submissions, Models, RunFiles, Datastores, Inventory):
    """A workspace in use; see the protocol `Workspace`."""


def open_workspace(options: Options, environ: Mapping[str, str], patience: Patience) -> Workspace:
    """Return the workspace that the options name.

    Raises:
        WorkspaceError: We may not sign in, or the workspace is not there.
    """
    account = Account(options, environ, patience)
    scope = Scope(options.subscription_id, options.resource_group, options.workspace)
    service = Service(account, scope, patience)
    url = f"{cloud_of(environ).management}{scope.path}"
    try:
        found = service.read("GET", url, f"workspace {scope.workspace}", params=MANAGEMENT_VERSION)
    except NotFoundError:
        raise NotFoundError(_not_found(scope, account)) from None
    place = found["properties"]["discoveryUrl"]
    service.addresses = service.read("GET", place, "the addresses of its services")
    logger.debug("Signed in to the workspace %s as %s.", scope.workspace, account.who)
    return AzureMLWorkspace(service, Client(account, scope, patience))


def _not_found(scope: Scope, account: Account) -> str:
    return (
        f"{account.who} sees no workspace {scope.workspace!r} in the resource group "
        f"{scope.resource_group!r} of the subscription {scope.subscription}. Check the three names, "
        "and that it has a role in the workspace."
    )
