"""What is there in a workspace is told as it is."""

import pytest

from snakemake_executor_plugin_azureml.workspace import Cluster
from workspace_calls import open_workspace


@pytest.fixture
def workspace(emulator):
    return open_workspace()


def test_clusters_are_told_with_their_sizes_and_errors(workspace, emulator):
    quota = {"error": {"code": "ClusterCoreQuotaReached", "message": "The quota is used up."}}
    emulator.state.clusters["cpu-cluster"].errors.append(quota)
    emulator.state.clusters["gpu-cluster"].min_nodes = 1
    assert list(workspace.clusters()) == [
        Cluster("gpu-cluster", "STANDARD_EMULATED", "Succeeded", 1, 4),
        Cluster("cpu-cluster", "STANDARD_EMULATED", "Succeeded", 0, 2, "The quota is used up."),
    ]


@pytest.mark.parametrize("page_size", [1, 100])
def test_the_default_datastore_is_told_first(page_size, workspace, emulator):
    emulator.settings.page_size = page_size
    assert list(workspace.datastores()) == [
        "workspaceblobstore",
        "innereyedatasets",
        "workspaceartifactstore",
    ]


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("known", True), ("known:2", True), ("known:3", False), ("unknown", False)],
)
def test_environments_are_known_by_name_and_version(name, is_there, workspace, emulator):
    emulator.state.add_environment("known", "2")
    assert workspace.environment_exists(name) is is_there
