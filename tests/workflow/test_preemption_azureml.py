"""A training whose node is taken away goes on from its recovery checkpoint, to the same end."""

import subprocess

import pytest
from test_nodes_azureml import CLUSTER, project_in, workspace  # noqa: F401  a fixture

from azureml_emulator.places import BLOBSTORE_CONTAINER
from clusters import wait_until

pytestmark = pytest.mark.slow

CHECKPOINTS = "outputs/checkpoints"
EPOCHS = {"num_epochs": 12, "test_epochs": 12, "crops_per_subject": 24}


def test_a_preempted_training_continues_and_ends_with_the_same_bytes(
    tmp_path,
    phantoms,
    workspace,  # noqa: F811
):
    cloud, here = (project_in(tmp_path / name, phantoms) for name in ("cloud", "here"))
    process = subprocess.Popen(
        cloud.command(f"{CHECKPOINTS}/last.ckpt", *CLUSTER, **EPOCHS),
        cwd=cloud.folder,
        env=cloud.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    store = workspace.state.blob_path(BLOBSTORE_CONTAINER)
    wait_until(lambda: len(list(store.rglob("recovery/**/*.set.json"))) > 1)
    (run_id,) = workspace.state.runs
    workspace.preempt(run_id)
    printed, _ = process.communicate(timeout=400)
    assert process.returncode == 0, printed
    log = cloud.path("outputs/logs/train_model.log").read_text()
    assert "Continuing after epoch" in log
    here.succeed(f"{CHECKPOINTS}/last.ckpt", **EPOCHS)
    for name in ("last.ckpt", "epoch_012.ckpt"):
        assert (
            cloud.path(CHECKPOINTS, name).read_bytes() == here.path(CHECKPOINTS, name).read_bytes()
        )
    assert list(store.rglob("recovery/**/*.set.json")) == []
