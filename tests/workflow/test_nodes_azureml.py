"""Training on nodes of a cluster: two learn as one, and one that is lost costs no epoch."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from azureml_emulator import Emulator
from azureml_emulator.places import BLOBSTORE_CONTAINER
from clusters import wait_until
from projects import REPOSITORY, Project

pytestmark = pytest.mark.slow

SETTINGS = {
    "num_epochs": 3,
    "test_epochs": 3,
    "l_rate_multi_step_milestones": 9,
    "l_rate": 0.001,
}
CHECKPOINTS = "outputs/checkpoints"
EPOCHS = {"num_epochs": 12, "test_epochs": 12, "crops_per_subject": 24}
CLUSTER = (
    *("--profile", str(REPOSITORY / "profiles" / "azureml")),
    *("--seconds-between-status-checks", "1", "--azureml-experiment", "tests"),
)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    with Emulator(tmp_path / "azureml") as emulator:
        for name, value in emulator.environment().items():
            monkeypatch.setenv(name, value)
        yield emulator


def project_in(folder: Path, phantoms: Path) -> Project:
    folder.mkdir()
    for name in ("Snakefile", "rules", "scripts", "envs"):
        (folder / name).symlink_to(REPOSITORY / name)
    project = Project(folder, pipeline=folder)
    shutil.copytree(phantoms, project.path("data"))
    project.set_up()
    return project


def losses(project: Project, split: str) -> np.ndarray:
    return pd.read_csv(project.path("outputs", split, "epoch_metrics.csv"))["loss"].to_numpy()


def test_two_nodes_learn_as_one_process_with_the_doubled_batch(tmp_path, phantoms, workspace):
    cloud, here = (project_in(tmp_path / name, phantoms) for name in ("cloud", "here"))
    cloud.succeed(*CLUSTER, num_nodes=2, train_batch_size=1, **SETTINGS)
    here.succeed("outputs/checkpoints/last.ckpt", train_batch_size=2, **SETTINGS)
    # Sums in another order differ in their last bits, which training makes grow; the strict
    # law is in tests/training/test_processes.py.
    for split in ("Train", "Val"):
        np.testing.assert_allclose(losses(cloud, split), losses(here, split), rtol=1e-3)
    sizes = [job.node_count for job in workspace.state.jobs.values()]
    assert sorted(sizes) == [1, 1, 2]  # inference runs on one machine
    assert cloud.path("outputs/report.html").is_file()


def test_a_preempted_training_continues_and_ends_with_the_same_bytes(
    tmp_path,
    phantoms,
    workspace,
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
