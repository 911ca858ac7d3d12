"""Snakemake's own test classes for executors, through the real client and the emulated workspace."""

import pytest
from snakemake.common.tests import TestWorkflowsLocalStorageBase

from projects import REPOSITORY
from snakemake_executor_plugin_azureml import ExecutorSettings


@pytest.mark.usefixtures("emulator")
class TestWorkflows(TestWorkflowsLocalStorageBase):
    __test__ = True

    def get_executor(self):
        return "azureml"

    def get_executor_settings(self):
        conda_file = str(REPOSITORY / "envs" / "innereye.yaml")
        return ExecutorSettings(cluster="gpu-cluster", experiment="harness", conda_file=conda_file)

    def get_assume_shared_fs(self):
        return False
