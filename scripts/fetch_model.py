"""Fetch a registered model to segment a scan with it."""

import shutil
import tempfile
from pathlib import Path

from innereye.jobs import job_log
from snakemake_executor_plugin_azureml.job_workspace import workspace_of_job
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

with job_log(snakemake.log[0], WorkspaceError):
    folder = Path(snakemake.output.folder)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        found = workspace_of_job().download_model(snakemake.params.model_id, Path(scratch))
        shutil.copytree(found, folder)
