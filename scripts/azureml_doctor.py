"""Say what keeps jobs from running in AzureML, one line for each check."""

import os
import sys
from functools import partial
from pathlib import Path

from innereye.jobs import job_log
from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.doctor import diagnose, report
from snakemake_executor_plugin_azureml.options import resolve_options

# The profile states the conda file; without the profile, the one of this workflow is meant.
stated = {"SNAKEMAKE_AZUREML_CONDA_FILE": snakemake.params.conda_file, **os.environ}
with job_log(snakemake.log[0]):
    resolve = partial(resolve_options, None, stated, Path.cwd())
    if not report(diagnose(resolve, connect, os.environ)):
        sys.exit(1)
