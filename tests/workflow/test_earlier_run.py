"""Which checkpoint does a training go on with?"""

from pathlib import Path

import pytest
import torch

from innereye.configs.comparison_settings import ComparisonSettings
from innereye.errors import InnerEyeError
from innereye.workflow.recovery import Recovery, choose_checkpoint, is_in_the_cloud
from projects import Project

NAMES = ["epoch_002.ckpt", "epoch_010.ckpt", "last.ckpt"]


def add_run(folder: Path) -> str:
    (folder / "checkpoints").mkdir(parents=True)
    for name in NAMES:
        (folder / "checkpoints" / name).touch()
    return str(folder)


def add_crossval(folder: Path, folds: int) -> str:
    for fold in range(folds):
        add_run(folder / "CrossValResults" / str(fold))
    return str(folder)


@pytest.mark.parametrize(
    ("start_epoch", "chosen"), [(None, "last.ckpt"), (2, NAMES[0]), (10, NAMES[1])]
)
def test_the_last_checkpoint_is_taken_unless_an_epoch_is_stated(start_epoch, chosen) -> None:
    assert choose_checkpoint(NAMES, start_epoch=start_epoch, source="a run") == chosen


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            NAMES,
            "A has no checkpoint of epoch 3; there are those of epoch 2, 10, the last one, which",
        ),
        (NAMES[:2], r"A has no checkpoint of epoch 3; there are those of epoch 2, 10\."),
        (["autosave.ckpt"], r"A has no checkpoint of epoch 3\."),
        ([], r"A has no checkpoints\."),
    ],
)
def test_an_epoch_without_a_checkpoint_is_explained(names, sentence) -> None:
    with pytest.raises(InnerEyeError, match=sentence):
        choose_checkpoint(names, start_epoch=3, source="A")


@pytest.mark.parametrize(
    ("place", "is_one"),
    [
        ("foo_bar:foo_bar_12345_abcd", True),
        ("foo_bar:HD_55d4beef-7be9-45d7-89a5-1acf1f99078a", True),
        ("main_1700000000_0a1b2c3d-r2", True),
        ("outputs", False),
        ("runs/old:er", False),
        ("a:b:c", False),
        ("here:1", False),
    ],
)
def test_a_run_in_the_cloud_is_told_from_a_folder(place, is_one, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here:1").mkdir()
    assert is_in_the_cloud(place) is is_one


def test_the_folder_of_a_run_gives_its_own_checkpoint(tmp_path: Path) -> None:
    source = add_run(tmp_path / "old")
    assert Recovery(source, 2, 0).local_files("outputs", -1) == [
        f"{source}/checkpoints/epoch_002.ckpt"
    ]
    source = add_crossval(tmp_path / "crossval", 2)
    files = [Recovery(source, None, 2).local_files("outputs", fold) for fold in (0, 1)]
    assert files == [[f"{source}/CrossValResults/{f}/checkpoints/last.ckpt"] for f in (0, 1)]
    fold = f"{source}/CrossValResults/1"
    assert Recovery(fold, None, 0).local_files("outputs", -1) == [f"{fold}/checkpoints/last.ckpt"]


@pytest.mark.parametrize(
    ("there", "wanted", "sentence"),
    [
        (
            5,
            0,
            "of 5 folds; this run is none. Give number_of_cross_validation_splits=5, or name one",
        ),
        (5, 3, r"of 5 folds; this run has 3. Give number_of_cross_validation_splits=5\."),
        (
            0,
            3,
            "is no cross-validation; this run has 3. Give number_of_cross_validation_splits=0, or",
        ),
    ],
)
def test_other_numbers_of_folds_are_explained(tmp_path: Path, there, wanted, sentence) -> None:
    source = add_crossval(tmp_path / "old", there) if there else add_run(tmp_path / "old")
    with pytest.raises(InnerEyeError, match=sentence):
        Recovery(source, None, wanted).local_files("outputs", 0 if wanted else -1)


def test_a_run_cannot_go_on_with_itself(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = add_run(tmp_path / "outputs")
    with pytest.raises(InnerEyeError, match="is the folder of this run itself"):
        Recovery(source, None, 0).local_files("outputs", -1)


def test_a_source_that_is_nothing_is_explained() -> None:
    with pytest.raises(InnerEyeError, match="recover_from=nowhere is not a folder"):
        Recovery("nowhere", None, 0).local_files("outputs", -1)


def test_without_a_source_a_training_begins_anew() -> None:
    nothing = Recovery("", None, 0)
    assert nothing.initial("outputs") == nothing.local_files("outputs", -1) == []
    started = Recovery("main:run", None, 0)
    assert started.initial("outputs") == ["outputs/recovered/checkpoint.ckpt"]
    assert Recovery(**started.fields) == started


@pytest.mark.parametrize("value", [0, -1, "soon"])
def test_start_epoch_is_a_number_of_epochs(value) -> None:
    with pytest.raises(ValueError, match="start_epoch"):
        ComparisonSettings(start_epoch=value)


FOUR_TO_SIX = {"num_epochs": 6, "test_epochs": "6", "outputs_dir": "outputs_6"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "sentences"),
    [
        ({"start_epoch": 3}, ["start_epoch=3 needs a run to go on with: give recover_from=FOLDER"]),
        ({"recover_from": "nowhere"}, ["recover_from=nowhere is not a folder"]),
        ({"recover_from": "outputs", "run_recovery_id": "a:b"}, ["are both given"]),
        ({"run_recovery_id": "outputs"}, ["is no run in AzureML", "named by recover_from"]),
        (
            {"recover_from": "outputs", "start_epoch": 4},
            ["has no checkpoint of epoch 4; there are those of epoch 2, 3, the last one"],
        ),
        (
            {"recover_from": "outputs", "num_epochs": 4, "test_epochs": "2,4"},
            ["last.ckpt has 4 finished epochs, so num_epochs=4 must be 5 or more"],
        ),
        (
            {"recover_from": "outputs", "start_epoch": 3, "test_epochs": "2,3,6"},
            [
                "test_epochs has 2,3, but the training begins with epoch 4; its test epochs are 4 to 6"
            ],
        ),
        (
            {"recover_from": "outputs", "feature_channels": 4, "optimizer_type": "SGD"},
            [
                "its feature_channels is 8, here it is 4",
                "its optimizer_type is Adam, here it is SGD",
            ],
        ),
        (
            {"recover_from": "outputs", "number_of_cross_validation_splits": 2},
            ["outputs is no cross-validation; this run has 2."],
        ),
    ],
)
def test_what_keeps_a_training_from_going_on_is_told_before_it_starts(
    config, sentences, finished: Project
) -> None:
    printed = finished.fail("--dry-run", **{**FOUR_TO_SIX, **config})
    assert [each for each in sentences if each not in printed] == []


def test_a_run_that_can_go_on_is_planned(finished: Project) -> None:
    printed = finished.succeed("--dry-run", recover_from="outputs", **FOUR_TO_SIX)
    assert "fetch_checkpoints" in printed


@pytest.mark.slow
def test_four_epochs_are_three_of_an_earlier_run_and_one_more(
    finished: Project, project: Project
) -> None:
    earlier = finished.path("outputs")
    last = "outputs/checkpoints/last.ckpt"
    config = {"recover_from": earlier, "start_epoch": 3, "test_epochs": 4}
    printed = project.succeed("--cores", "1", last, **config)
    assert f"Training goes on with {earlier}/checkpoints/epoch_003.ckpt" in printed
    straight, continued = (
        torch.load(path, weights_only=True)["state_dict"]
        for path in (finished.path(last), project.path(last))
    )
    assert all(torch.equal(straight[name], continued[name]) for name in straight)
    assert "Nothing to be done" in project.succeed("--dry-run", last, **config)
