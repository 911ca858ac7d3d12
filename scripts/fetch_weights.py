"""Fetch the checkpoints of a model that is evaluated: files, downloads, or a registered model."""

import json
import os
from pathlib import Path

from innereye.configs.stages.segment import EnsembleSettings
from innereye.inference.existing_model import install_model
from innereye.io.download import download
from innereye.io.web_address import source_of
from innereye.jobs import job_log, job_settings
from snakemake_executor_plugin_azureml.job_workspace import workspace_of_job
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

with job_log(snakemake.log[0], WorkspaceError):
    folder = Path(snakemake.output.folder)
    downloads = folder.with_name("downloads")
    sources = [Path(path) for path in snakemake.params.origin["local"]]
    for address in json.loads(os.environ[f"{snakemake.params.tag}_WEIGHTS"]):
        sources.append(download(source_of(address), downloads))
    if model_id := snakemake.params.origin["model_id"]:
        place = downloads / model_id.replace(":", "_")
        sources.append(workspace_of_job().download_model(model_id, place))
    install_model(sources, folder, job_settings(EnsembleSettings, snakemake.params.settings))
