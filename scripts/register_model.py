"""Register a model in the workspace whose run has trained it."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.names import ENSEMBLE
from snakemake_executor_plugin_azureml.job_workspace import options_of_job, workspace_of_job
from snakemake_executor_plugin_azureml.registry import register_folder
from snakemake_executor_plugin_azureml.session import parent_of, run_of_folder
from snakemake_executor_plugin_azureml.workspace import Image, WorkspaceError

with job_log(snakemake.log[0], WorkspaceError):
    find = parent_of if snakemake.wildcards.member == ENSEMBLE else run_of_folder
    options = options_of_job()
    register_folder(
        workspace_of_job(options),
        find(snakemake.params.run_folder),
        name=snakemake.params.model_name,
        folder=Path(snakemake.input.description).parent,
        environment=Image(name=options.environment, conda_file=options.conda_file),
        note=Path(snakemake.output.note),
    )
