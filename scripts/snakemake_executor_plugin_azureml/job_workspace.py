"""How does a job on the user's machine reach the workspace? By the options in its environment."""

import os
from pathlib import Path

from snakemake_executor_plugin_azureml.options import Options, SettingsError, resolve_options
from snakemake_executor_plugin_azureml.workspace import Workspace, WorkspaceError


def options_of_job(settings_file: str = "") -> Options:
    """Return the options that the executor has handed on, or those of settings.yml.

    Raises:
        WorkspaceError: one or more options are missing or wrong.
    """
    named = {"SNAKEMAKE_AZUREML_SETTINGS_FILE": settings_file} if settings_file else {}
    try:
        return resolve_options(None, {**os.environ, **named}, Path.cwd())
    except SettingsError as error:
        raise WorkspaceError(str(error)) from None


def workspace_of_job(options: Options | None = None) -> Workspace:
    """Return the workspace, signed in.

    Raises:
        WorkspaceError: options, sign-in or workspace are not as they must be.
    """
    from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect  # noqa: PLC0415

    return connect(options or options_of_job())
