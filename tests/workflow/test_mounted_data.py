"""A job on a node finds a data set of the cloud mounted: it checks what it reads, and computes the same."""

from pathlib import Path

import pytest

from innereye.names import AZUREML_DATA
from innereye.workflow.cloud_data import COPIES
from listings import write_listing
from projects import Project

CLOUD = {"local_dataset": "None", "azure_dataset_id": "phantoms"}


@pytest.fixture
def node(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A working folder without data, with the copy of a table, on a machine that mounts the data set."""
    mounted = tmp_path / "mounted"
    project.path("data").rename(mounted)
    write_listing(mounted, project.path(*COPIES.parts, "phantoms"))
    monkeypatch.setenv(AZUREML_DATA, str(mounted))
    return project


@pytest.mark.slow
def test_all_faults_of_images_are_told_before_the_first_step_of_training(node, tmp_path):
    for name in ("001/channel1.nii.gz", "005/region.nii.gz"):
        path = tmp_path / "mounted" / name
        path.write_bytes(path.read_bytes()[:-40])
    printed = node.fail("--cores", "1", "outputs/checkpoints/last.ckpt", **CLOUD)
    assert "has 2 faults:" in printed
    for subject, channel in (("1", "channel1"), ("5", "region")):
        assert f"subject {subject}, channel '{channel}'" in printed
    assert "Epoch 1" not in printed
    log = node.path("outputs", "logs", "train_model.log").read_text()
    assert log.count("truncated or damaged") == 2


@pytest.mark.slow
def test_mounted_data_give_the_results_of_data_on_this_machine(node, finished, monkeypatch):
    node.succeed("--cores", "2", **CLOUD)
    results = [f"epoch_00{epoch}/{split}" for epoch in (2, 3) for split in ("Val", "Test")]
    for name in [f"{folder}/metrics.csv" for folder in results] + ["Train/epoch_metrics.csv"]:
        ours, theirs = (each.path("outputs", name).read_bytes() for each in (node, finished))
        assert ours == theirs, name
    monkeypatch.delenv(AZUREML_DATA)
    # Back where the images are not: pictures depend on where they lie, what is computed does not.
    assert node.jobs(**CLOUD) == {"draw_thumbnails", "report"}
