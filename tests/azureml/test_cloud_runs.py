"""What is fetched of a finished run, and does it look like the folder of a run?"""

import pytest

from finished_runs import add_run, workspace
from innereye.metrics.runs.crossval_results import find_crossval_runs
from innereye.metrics.runs.find_run import find_run
from snakemake_executor_plugin_azureml.cloud_runs import fetch_run
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

SCORES = "Patient,Structure,Dice\n1,lung,0.5\n"
RUN = "main_1700000000_0a1b2c3d"
PARENT = "HD_12345678-abcd"


def results(folder="outputs", *, splits=("Val", "Test"), epoch="epoch_002/"):
    """Return what a run leaves of scores, and volumes and checkpoints beside them."""
    files = {f"{folder}/{epoch}{split}/metrics.csv": SCORES for split in splits}
    files |= {f"{folder}/{epoch}{split}/001/segmentation.nii.gz": "volume" for split in splits}
    files |= {f"{folder}/dataset.csv": "subject\n1\n", f"{folder}/checkpoints/last.ckpt": "weights"}
    return {**files, f"{folder}/Train/epoch_metrics.csv": "epoch\n0\n"}


def fetched(tmp_path, recovery_id):
    folder = fetch_run(workspace(), recovery_id, tmp_path / "runs")
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    return folder, names


def test_tables_of_a_run_are_fetched_and_volumes_are_not(emulator, tmp_path):
    copies = {"outputs/old/epoch_003/Test/metrics.csv": "an earlier run's"}
    add_run(emulator, RUN, results() | copies)
    folder, names = fetched(tmp_path, f"main:{RUN}")
    assert folder.name == RUN
    scores = {"epoch_002/Val/metrics.csv", "epoch_002/Test/metrics.csv"}
    assert names == {*scores, "dataset.csv", "Train/epoch_metrics.csv"}
    assert set(find_run(folder).metrics) == {"Val", "Test"}


def test_a_run_elsewhere_than_in_outputs_looks_the_same(emulator, tmp_path):
    add_run(emulator, RUN, results("outputs/results/lung"))
    assert "epoch_002/Test/metrics.csv" in fetched(tmp_path, f"main:{RUN}")[1]


def test_what_was_fetched_is_not_asked_for_again(emulator, tmp_path):
    add_run(emulator, RUN, results())
    fetched(tmp_path, f"main:{RUN}")
    used = workspace()
    count = len(emulator.requests)
    fetch_run(used, f"main:{RUN}", tmp_path / "runs")
    assert len(emulator.requests) == count


def test_folds_come_from_the_newest_try_that_has_them(emulator, tmp_path):
    add_run(
        emulator, PARENT, {"outputs/CrossValResults/ENSEMBLE/epoch_002/Test/metrics.csv": SCORES}
    )
    for run in ("0", "1", "1-r2", "ensemble"):
        folder = f"outputs/CrossValResults/{run[0]}" if run[0] != "e" else "outputs/x"
        files = results(folder) if run != "1" else {f"{folder}/epoch_002/Val/metrics.csv": "old"}
        add_run(emulator, f"{PARENT}_{run}", files, parent=PARENT)
    folder, names = fetched(tmp_path, f"main:{PARENT}")
    assert (folder / "CrossValResults/1/epoch_002/Val/metrics.csv").read_text() == SCORES
    assert "CrossValResults/ENSEMBLE/epoch_002/Test/metrics.csv" in names
    runs = find_crossval_runs(folder, number_of_cross_validation_splits=2)
    assert [run.name for run in runs] == ["0", "1", "ENSEMBLE"]


def test_a_run_of_innereye_itself_is_read(emulator, tmp_path):
    original = results(epoch="best_validation_epoch/")
    own = {"outputs/OTHER_RUNS/ENSEMBLE/best_validation_epoch/Test/metrics.csv": SCORES}
    add_run(emulator, PARENT)
    add_run(emulator, f"{PARENT}_0", original | own, parent=PARENT)
    add_run(emulator, f"{PARENT}_1", original, parent=PARENT)
    folder, _ = fetched(tmp_path, f"main:{PARENT}")
    runs = find_crossval_runs(folder)
    assert [run.name for run in runs] == ["0", "1", "ENSEMBLE"]


def test_a_fold_alone_is_a_run_like_any_other(emulator, tmp_path):
    add_run(emulator, PARENT)
    add_run(emulator, f"{PARENT}_1", results("outputs/CrossValResults/1"), parent=PARENT)
    folder, names = fetched(tmp_path, f"main:{PARENT}_1")
    assert "epoch_002/Test/metrics.csv" in names
    assert find_run(folder).epoch == 2


def test_a_fetch_that_breaks_off_leaves_nothing(emulator, tmp_path):
    add_run(emulator, RUN, results())
    emulator.fail("contentinfo.*dataset.csv", 403, times=None)
    with pytest.raises(WorkspaceError, match="may not do this"):
        fetched(tmp_path, f"main:{RUN}")
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("recovery_id", "sentence"),
    [
        ("main:nobody_1_2", "has no run nobody_1_2"),
        (f"other:{RUN}", f"is in the experiment 'main', not in 'other'. Write main:{RUN}"),
        ("main:alive", r"has not ended \(Running\)"),
        ("main:empty", "has no metrics.csv among its files"),
        (f"main:{PARENT}", "has no metrics.csv of fold 1"),
        ("a:b:c", "names no run"),
        ("main:..", "names no run"),
    ],
)
def test_a_run_without_results_is_explained(emulator, tmp_path, recovery_id, sentence):
    add_run(emulator, RUN, results())
    add_run(emulator, "alive", status="Running")
    add_run(emulator, "empty", {"outputs/checkpoints/last.ckpt": ""}, status="Failed")
    add_run(emulator, PARENT)
    add_run(emulator, f"{PARENT}_0", results("outputs/CrossValResults/0"), parent=PARENT)
    add_run(emulator, f"{PARENT}_1", parent=PARENT, status="Canceled")
    with pytest.raises(WorkspaceError, match=sentence):
        fetched(tmp_path, recovery_id)
