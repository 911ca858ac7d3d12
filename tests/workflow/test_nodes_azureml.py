"""A training on two nodes of a cluster learns what one process learns with the doubled batch."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from azureml_emulator import Emulator
from projects import REPOSITORY, Project

pytestmark = pytest.mark.slow

SETTINGS = {"num_epochs": 3, "test_epochs": 3, "l_rate_multi_step_milestones": 9}
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
    return pd.read_csv(project.path("outputs", split, "epoch_metrics.csv")).Loss.to_numpy()


def test_two_nodes_learn_as_one_process_with_the_doubled_batch(tmp_path, phantoms, workspace):
    cloud, here = (project_in(tmp_path / name, phantoms) for name in ("cloud", "here"))
    cloud.succeed(*CLUSTER, num_nodes=2, train_batch_size=1, **SETTINGS)
    here.succeed("outputs/checkpoints/last.ckpt", train_batch_size=2, **SETTINGS)
    for split in ("Train", "Val"):
        np.testing.assert_allclose(losses(cloud, split), losses(here, split), rtol=1e-4)
    sizes = [job.node_count for job in workspace.state.jobs.values()]
    assert sorted(sizes) == [1, 1, 2]  # inference runs on one machine
    assert cloud.path("outputs/report.html").is_file()
