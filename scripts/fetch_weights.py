"""Fetch the checkpoints of a model that is evaluated: files, downloads, or a registered model."""

import json
import os
from pathlib import Path

from innereye.inference.existing_model import install_model
from innereye.inference.loader import loader_of_job
from innereye.io.download import download
from innereye.io.web_address import source_of
from innereye.jobs import job_log
from snakemake_executor_plugin_azureml.job_workspace import workspace_of_job
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

with job_log(snakemake.log[0], WorkspaceError):
    tag = snakemake.params.tag
    folder = Path(snakemake.output.folder)
    downloads = folder.with_name("downloads")
    sources = [Path(path) for path in snakemake.params.origin["local"]]
    for address in json.loads(os.environ[f"{tag}_WEIGHTS"]):
        sources.append(download(source_of(address), downloads))
    if model_id := snakemake.params.origin["model_id"]:
        place = downloads / model_id.replace(":", "_")
        sources.append(workspace_of_job().download_model(model_id, place))
    load = loader_of_job(
        snakemake.params.settings,
        config=os.environ[f"{tag}_CONFIG"] if snakemake.params.is_scalar else None,
        basedir=Path(os.environ[f"{tag}_SCRIPTS"]).parent,
    )
    install_model(sources, folder, load)
