"""Put results that were made on this machine among the files of their run."""

from pathlib import Path

from innereye.jobs import job_log
from innereye.names import ENSEMBLE
from snakemake_executor_plugin_azureml.job_workspace import workspace_of_job
from snakemake_executor_plugin_azureml.session import parent_of, run_of_folder
from snakemake_executor_plugin_azureml.uploaded_results import upload_results
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

with job_log(snakemake.log[0], WorkspaceError):
    find = parent_of if snakemake.wildcards.member == ENSEMBLE else run_of_folder
    upload_results(
        workspace_of_job(),
        find(snakemake.params.run_folder),
        list(snakemake.input),
        note=Path(snakemake.output.note),
    )
