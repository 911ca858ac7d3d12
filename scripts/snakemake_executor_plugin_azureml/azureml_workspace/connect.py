"""How does one get at a workspace? Signs in, finds its services, and returns it ready for use."""

import os
from collections.abc import Mapping
from importlib import import_module

from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.workspace import Workspace


def connect(
    options: Options, environ: Mapping[str, str] = os.environ, *, patience: Patience | None = None
) -> Workspace:
    """Return the workspace that the options name; the secret is read from the environment.

    Raises:
        WorkspaceError: We may not sign in, or the workspace is not there.
        TransientError: The service does not answer.
    """
    # Snakemake imports every plugin in every call: what needs requests waits until it is used.
    whole = import_module(f"{__package__}.azureml_workspace")
    return whole.open_workspace(options, environ, patience or Patience())
