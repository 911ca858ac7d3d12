"""Does a command name an earlier run in the cloud, and go on with it or compare it?"""

import pandas as pd
import pytest

from finished_runs import add_run
from projects import Project

RUN = "main_1700000000_0a1b2c3d"
PARENT = "HD_12345678-abcd"
RECOVERED = "outputs/recovered/checkpoint.ckpt"
TWO_FOLDS = {"number_of_cross_validation_splits": 2}


@pytest.fixture
def project(tmp_path, emulator):
    project = Project(tmp_path)
    project.set_up()
    return project


def checkpoints(folder, text, epochs=(2, 3)):
    names = [f"epoch_{epoch:03d}" for epoch in epochs] + ["last"]
    return {f"{folder}/checkpoints/{name}.ckpt": f"{text} {name}" for name in names}


def add_crossval(emulator, files_of, folds=(0, 1)):
    add_run(emulator, PARENT)
    for fold in folds:
        files = files_of(f"outputs/CrossValResults/{fold}", fold)
        add_run(emulator, f"{PARENT}_{fold}", files, parent=PARENT)


@pytest.mark.slow
def test_a_training_begins_with_the_checkpoint_of_an_epoch(project, emulator):
    add_run(emulator, RUN, checkpoints("outputs", "mine"))
    project.succeed("-c1", RECOVERED, run_recovery_id=f"main:{RUN}")
    assert project.path(RECOVERED).read_text() == "mine last"
    project.succeed("-c1", RECOVERED, run_recovery_id=f"main:{RUN}", start_epoch=2)
    assert project.path(RECOVERED).read_text() == "mine epoch_002"


def test_each_fold_gets_its_own(project, emulator):
    add_crossval(emulator, checkpoints)
    folder = project.path("outputs", "CrossValResults")
    targets = [f"outputs/CrossValResults/{fold}/recovered/checkpoint.ckpt" for fold in (0, 1)]
    project.succeed("-c2", *targets, run_recovery_id=f"main:{PARENT}", start_epoch=3, **TWO_FOLDS)
    texts = [(folder / f"{fold}/recovered/checkpoint.ckpt").read_text() for fold in (0, 1)]
    assert texts == ["0 epoch_003", "1 epoch_003"]


def test_another_number_of_folds_is_explained(project, emulator):
    add_crossval(emulator, checkpoints)
    printed = project.fail("-c1", RECOVERED, run_recovery_id=f"main:{PARENT}")
    assert "is a cross-validation of 2 folds; this run is none. Give number_of_cross" in printed


def scores(folder, dice):
    rows = [f"{subject},liver,{dice + subject / 100}" for subject in range(1, 6)]
    text = "Patient,Structure,Dice\n" + "\n".join(rows) + "\n"
    files = {f"{folder}/epoch_002/{split}/metrics.csv": text for split in ("Val", "Test")}
    return {**files, f"{folder}/epoch_002/Test/001/segmentation.nii.gz": "volume"}


@pytest.mark.slow
def test_a_cross_validation_in_the_cloud_is_plotted(project, emulator):
    add_crossval(emulator, lambda folder, fold: scores(folder, fold / 2))
    add_run(emulator, RUN, scores("outputs", 0.3))
    config = {"run_recovery_id": f"main:{PARENT}", "comparison_run_recovery_ids": f"main:{RUN}"}
    project.succeed("-c2", "plot_cross_validation", comparison_labels="other", **config)
    folder = project.path("comparison")
    table = pd.read_csv(folder / "MetricsAcrossAllRuns.csv", dtype=str)
    assert list(table["split"].unique()) == ["0", "1", "other"]
    assert (folder / "Dice_Test_Splits.png").is_file()
    assert not list(project.path(".snakemake", "azureml").rglob("*.nii.gz"))
    emulator.stop()  # what was fetched is enough from now on
    assert "Nothing to be done" in project.succeed(
        "-n", "plot_cross_validation", comparison_labels="other", **config
    )


@pytest.mark.slow
def test_runs_in_the_cloud_and_folders_are_compared(project, emulator):
    add_run(emulator, RUN, scores("outputs", 0.3))
    for name, text in scores("here/outputs", 0.4).items():
        path = project.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project.succeed("-c2", "compare_runs", runs=f"main:{RUN},here/outputs", create_plots=False)
    table = pd.read_csv(project.path("comparison", "MetricsAcrossAllRuns.csv"), dtype=str)
    assert set(table["split"]) == {RUN, "here"}


def test_a_run_that_cannot_be_compared_is_explained(project, emulator):
    assert "has no run nobody" in project.fail("-n", "compare_runs", runs="main:nobody,main:b")
