"""Which checkpoints of an earlier run are found, and do they arrive?"""

import pytest

from azureml_emulator.places import BLOBSTORE_CONTAINER
from finished_runs import add_run, workspace
from innereye.training.recovery import Recovery
from innereye.training.recovery_copy import copy_of
from snakemake_executor_plugin_azureml.families import family_of
from snakemake_executor_plugin_azureml.job_workspace import options_of_job
from snakemake_executor_plugin_azureml.recovery import earlier_checkpoints, oldest_first
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

RUN = "main_1700000000_0a1b2c3d"
PARENT = "HD_12345678-abcd"


def found(recovery_id, fold=-1):
    used = workspace()
    family = family_of(used, recovery_id)
    return earlier_checkpoints(used, options_of_job(), family, fold)


def text_of(checkpoints, path, tmp_path):
    checkpoints.fetch(path, tmp_path / "got.ckpt")
    return (tmp_path / "got.ckpt").read_text()


def checkpoints_of(folder, text):
    names = ("last.ckpt", "epoch_020.ckpt", "epoch_1000.ckpt", "epoch_200.ckpt")
    return {f"{folder}/checkpoints/{name}": f"{text} {name}" for name in names}


def keep(emulator, tmp_path, run_id, texts, finished):
    """Keep what a training that goes on in a run has kept after an epoch, by the trainer's own code."""
    recovery = Recovery(tmp_path / "run")
    for place, text in texts.items():
        path = recovery.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    place = f"snakemake-azureml/recovery/{run_id}"
    folder = emulator.state.blob_path(BLOBSTORE_CONTAINER, place)
    copy = copy_of(str(folder), "fingerprint")
    copy.save(recovery, [recovery.folder / place for place in texts], finished=finished)


def test_checkpoints_are_listed_by_epoch_and_the_last_one_at_the_end():
    paths = list(checkpoints_of("outputs", ""))
    packed = ["outputs/final_model/checkpoints/last.ckpt", "final_model/checkpoints/last.ckpt"]
    other = ["outputs/epoch_020/Test/metrics.csv", "outputs/checkpoints/last.ckpt.txt"]
    names = [path.rpartition("/")[2] for path in oldest_first([*paths, *packed, *other])]
    assert names == ["epoch_020.ckpt", "epoch_200.ckpt", "epoch_1000.ckpt", "last.ckpt"]


@pytest.mark.parametrize("status", ["Completed", "Failed"])
def test_a_run_that_has_left_checkpoints_gives_them(emulator, tmp_path, status):
    add_run(emulator, RUN, checkpoints_of("outputs/results/lung", "mine"), status=status)
    checkpoints = found(f"main:{RUN}")
    assert checkpoints.run == f"main:{RUN}"
    assert text_of(checkpoints, checkpoints.paths[-1], tmp_path) == "mine last.ckpt"


def test_each_fold_has_its_own_and_a_retry_counts(emulator, tmp_path):
    add_run(emulator, PARENT)
    for run in ("0", "1", "1-r2", "1-r3", "0_inference", "ensemble"):
        has_some = run in ("0", "1", "1-r2")
        files = checkpoints_of(f"outputs/CrossValResults/{run[0]}", run) if has_some else {}
        add_run(emulator, f"{PARENT}_{run}", files, parent=PARENT)
    assert family_of(workspace(), f"main:{PARENT}").number_of_folds == 2
    texts = []
    for fold in (0, 1):
        checkpoints = found(f"main:{PARENT}", fold)
        texts.append(text_of(checkpoints, checkpoints.paths[0], tmp_path))
    assert texts == ["0 epoch_020.ckpt", "1-r2 epoch_020.ckpt"]


@pytest.mark.parametrize(("status", "run"), [("Running", RUN), ("Canceled", f"{RUN}-r2")])
def test_a_training_that_has_not_ended_gives_what_is_kept_of_it(emulator, tmp_path, status, run):
    add_run(emulator, run, status=status)
    keep(emulator, tmp_path, RUN, {"checkpoints/autosave.ckpt": "of epoch 1"}, 1)
    later = {"checkpoints/epoch_002.ckpt": "tested", "checkpoints/autosave-v1.ckpt": "of epoch 3"}
    keep(emulator, tmp_path, RUN, {**later, "Train/epoch_metrics.csv": "epoch\n"}, 3)
    checkpoints = found(f"main:{run}")
    assert checkpoints.paths == ["checkpoints/epoch_002.ckpt", "checkpoints/autosave-v1.ckpt"]
    texts = [text_of(checkpoints, path, tmp_path) for path in checkpoints.paths]
    assert texts == ["tested", "of epoch 3"]


def test_a_run_without_checkpoints_says_so(emulator):
    add_run(emulator, RUN, {"outputs/logs/train_model.log": ""}, status="Failed")
    with pytest.raises(WorkspaceError, match=rf"main:{RUN} \(Failed\) has no checkpoints"):
        found(f"main:{RUN}")
