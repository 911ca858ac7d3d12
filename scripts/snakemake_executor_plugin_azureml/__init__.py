"""Snakemake executor that runs jobs in Azure Machine Learning. See profiles/README.md."""

from snakemake_interface_executor_plugins.settings import CommonSettings

from snakemake_executor_plugin_azureml.executor import Executor
from snakemake_executor_plugin_azureml.settings import ExecutorSettings

__all__ = ["Executor", "ExecutorSettings", "common_settings"]

common_settings = CommonSettings(
    non_local_exec=True,
    implies_no_shared_fs=True,
    job_deploy_sources=True,
    # The executor moves inputs, sources and results itself.
    can_transfer_local_files=True,
    pass_default_storage_provider_args=False,
    pass_envvar_declarations_to_cmd=False,
    auto_deploy_default_storage_provider=False,
    init_seconds_before_status_checks=1,
)
