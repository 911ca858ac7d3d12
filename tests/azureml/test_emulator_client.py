"""Does azureml-core get along with the emulated workspace, page by page?"""

import os

import pytest

from azureml_emulator.places import (
    BLOBSTORE_CONTAINER,
    RESOURCE_GROUP,
    SUBSCRIPTION,
    WORKSPACE,
)
from azureml_emulator.plain_client import PlainClient


def connect():
    from azureml.core import Workspace
    from azureml.core.authentication import ServicePrincipalAuthentication

    names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
    auth = ServicePrincipalAuthentication(*(os.environ[name] for name in names))
    return Workspace.get(WORKSPACE, auth, SUBSCRIPTION, RESOURCE_GROUP)


def request_of(folder, command):
    from azureml.core import Environment, ScriptRunConfig

    environment = Environment("tests")
    environment.python.user_managed_dependencies = True
    return ScriptRunConfig(
        str(folder), command=[command], compute_target="gpu-cluster", environment=environment
    )


def test_the_real_client_submits_watches_fetches_and_registers(emulator, tmp_path):
    from azureml.core import Experiment, Model

    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "note.txt").write_text("from the snapshot")
    workspace = connect()
    run = Experiment(workspace, "tests").submit(
        request_of(tmp_path / "sources", "mkdir outputs/a; cp note.txt 'outputs/a/b c.txt'"),
        run_id="first",
        tags={"model": "Tiny"},
    )
    emulator.wait("first")
    assert (run.get_status(), run.get_tags()) == ("Completed", {"model": "Tiny"})
    assert "outputs/a/b c.txt" in run.get_file_names()
    run.download_file("outputs/a/b c.txt", str(tmp_path / "fetched.txt"))
    assert (tmp_path / "fetched.txt").read_text() == "from the snapshot"
    run.upload_folder("final_model", str(tmp_path / "sources"))
    for version in (1, 2):
        assert run.register_model("Tiny", "final_model").id == f"Tiny:{version}"
    assert Model(workspace, "Tiny").version == 2
    Model(workspace, id="Tiny:1").download(str(tmp_path / "model"))
    assert [file.name for file in (tmp_path / "model").rglob("*.*")] == ["note.txt"]


def test_the_real_client_follows_every_kind_of_page(emulator, tmp_path):
    from azureml.core import Experiment, Model

    emulator.settings.page_size = emulator.settings.blob_page_size = 2
    ids = [f"HD_1_{fold}" for fold in range(3)]
    service = PlainClient(emulator)
    service.run_to_the_end("true", "HD_1")
    for run_id in ids:
        run = {"parentRunId": "HD_1", "tags": {"a": "b"}}
        service.ask("PATCH", f"/history/v1.0WS/experiments/tests/runs/{run_id}", json=run)
    for number in range(3):
        for folder in (
            emulator.state.run_folder("HD_1"),
            emulator.state.blob_path(BLOBSTORE_CONTAINER),
        ):
            (folder / "data").mkdir(exist_ok=True)
            (folder / "data" / f"{number}.txt").write_text("")
    workspace = connect()
    run = workspace.get_run("HD_1")
    assert sorted(child.id for child in run.get_children()) == ids
    found = Experiment(workspace, "tests").get_runs(tags={"a": "b"}, include_children=True)
    assert sorted(each.id for each in found) == ids
    assert sum(name.startswith("data/") for name in run.get_file_names()) == 3
    run.download_files("data", str(tmp_path / "fetched"))
    assert len(list((tmp_path / "fetched" / "data").iterdir())) == 3
    store = workspace.get_default_datastore()
    assert store.download(str(tmp_path / "stored"), "data", show_progress=False) == 3
    for _ in range(3):
        run.register_model("Tiny", "data")
    assert len(Model.list(workspace, "Tiny")) == 3


def test_the_real_client_starts_and_ends_a_parent(emulator):
    from azureml.core import Experiment

    experiment = Experiment(connect(), "tests")
    parent = experiment.start_logging(run_id="HD_1", outputs=None, snapshot_directory=None)
    parent.complete()
    assert emulator.statuses("HD_1") == ["NotStarted", "Running", "Completed"]


def test_the_real_client_names_a_cluster_that_is_missing(emulator):
    from azureml.core.compute import ComputeTarget
    from azureml.core.compute_target import ComputeTargetException

    workspace = connect()
    emulator.state.clusters["gpu-cluster"].errors.append(
        {"error": {"code": "ClusterCoreQuotaReached", "message": "Operation results in exceeding"}}
    )
    assert sorted(workspace.compute_targets) == ["cpu-cluster", "gpu-cluster"]
    errors = ComputeTarget(workspace, "gpu-cluster").provisioning_errors
    assert errors[0]["error"]["code"] == "ClusterCoreQuotaReached"
    with pytest.raises(ComputeTargetException, match="gpu-clutser"):
        ComputeTarget(workspace, "gpu-clutser")


def test_the_real_client_shows_the_words_of_a_refused_secret(emulator, monkeypatch):
    from azureml._vendor.azure_cli_core.azclierror import AuthenticationError

    monkeypatch.setenv("AZURE_CLIENT_SECRET", "no-secret")
    with pytest.raises(AuthenticationError, match="AADSTS7000215") as caught:
        connect()
    assert "no-secret" not in str(caught.value)


def test_the_real_client_is_told_of_a_snapshot_that_is_too_large(emulator, tmp_path):
    from azureml._common.exceptions import AzureMLException
    from azureml.core import Experiment

    emulator.settings.snapshot_limit_bytes = 10
    (tmp_path / "large.txt").write_text("x" * 11)
    with pytest.raises(AzureMLException, match="413"):
        Experiment(connect(), "tests").submit(request_of(tmp_path, "true"))
    assert not emulator.state.runs
