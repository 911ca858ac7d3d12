import logging
from pathlib import Path

import numpy as np
import pytest
import torch

from innereye.errors import ConfigError, DatasetError, InnerEyeError
from innereye.io.files import read_table
from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.train import train
from phantoms import rewrite
from trainings import files_of


@pytest.fixture(scope="module")
def run(tmp_path_factory, training) -> Path:
    """Return the run folder of a training of three epochs, of which two are test epochs."""
    folder = tmp_path_factory.mktemp("run")
    train(**training(folder, num_epochs=3, test_epochs=[1, 3]))
    return folder


def test_a_training_leaves_its_outputs_and_nothing_else(run):
    assert list(files_of(run)) == [
        "Train/epoch_metrics.csv",
        "Val/epoch_metrics.csv",
        "checkpoints/epoch_001.ckpt",
        "checkpoints/epoch_003.ckpt",
        "checkpoints/last.ckpt",
    ]


def test_last_is_the_last_epoch(run):
    checkpoints = run / "checkpoints"
    last, third = checkpoints / "last.ckpt", checkpoints / "epoch_003.ckpt"
    assert last.read_bytes() == third.read_bytes()
    assert last.read_bytes() != (checkpoints / "epoch_001.ckpt").read_bytes()


def test_a_checkpoint_holds_weights_optimiser_and_the_number_of_finished_epochs(run):
    path = run / "checkpoints" / "epoch_001.ckpt"
    checkpoint = torch.load(path, weights_only=True)
    assert checkpoint["epoch"] == 1
    assert checkpoint["global_step"] == 2
    assert {name.split(".")[0] for name in checkpoint["state_dict"]} == {"model"}
    assert checkpoint["optimizer_states"][0]["state"]
    assert str(run).encode() not in path.read_bytes()


def test_each_epoch_has_its_row(run):
    for split, crops in (("Train", "4.000000"), ("Val", "2.000000")):
        rows = read_table(run / split / "epoch_metrics.csv")
        assert list(rows["epoch"]) == ["0", "1", "2"]
        assert set(rows["subject_count"]) == {crops}
        assert set(rows["cross_validation_split_index"]) == {"-1"}
        losses = rows["loss"].astype(float)
        assert losses.iloc[-1] < losses.iloc[0]


def test_another_folder_and_other_workers_give_the_same_bytes(run, tmp_path, training):
    fields = {"num_epochs": 3, "test_epochs": [1, 3], "num_dataload_workers": 2}
    train(**training(tmp_path, **fields, autosave_every_n_val_epochs=0))
    assert files_of(tmp_path) == files_of(run)


@pytest.mark.parametrize("change", [{"fold": 0}, {"random_seed": 1}])
def test_another_fold_or_seed_gives_other_weights_from_the_start(run, tmp_path, training, change):
    fold = change.pop("fold", -1)
    train(**{**training(tmp_path, num_epochs=1, test_epochs=[1], **change), "fold": fold})
    ours, theirs = (
        load_checkpoint(folder / "checkpoints" / "epoch_001.ckpt")["state_dict"]
        for folder in (run, tmp_path)
    )
    assert any(not torch.equal(ours[name], theirs[name]) for name in ours)
    rows = read_table(tmp_path / "Train" / "epoch_metrics.csv")
    assert list(rows["cross_validation_split_index"]) == [str(fold)]


def test_a_training_without_validation_has_a_table_without_rows(tmp_path, training, caplog):
    caplog.set_level(logging.INFO)
    train(**training(tmp_path, val="none", num_epochs=1))
    assert (tmp_path / "Val" / "epoch_metrics.csv").read_text().count("\n") == 1
    assert "0 subjects for validation" in caplog.text
    assert "epoch 1/1 | loss" in caplog.text


def test_lightning_says_nothing(tmp_path, training, capfd, caplog):
    caplog.set_level(logging.INFO)
    train(**training(tmp_path, num_epochs=1))
    assert capfd.readouterr() == ("", "")
    assert {record.name.split(".")[0] for record in caplog.records} == {"innereye"}


def test_a_loss_that_is_not_finite_stops_with_place_and_subjects(tmp_path, training):
    with pytest.raises(InnerEyeError) as caught:
        train(**training(tmp_path, num_epochs=3, l_rate=1e30, optimizer_type="SGD"))
    message = str(caught.value)
    assert "The loss became nan in epoch 1, step 2, with crops of the subjects " in message
    assert not (tmp_path / "checkpoints").exists()


def test_a_batch_that_never_fills_is_refused_before_anything_is_read(tmp_path, training):
    fields = {"drop_last_batch_in_training": True, "train_batch_size": 5}
    with pytest.raises(ConfigError, match="an epoch has 4 crops, train_batch_size is 5"):
        train(**training(tmp_path / "run", **fields))
    assert not (tmp_path / "run").exists()


def test_no_training_subject_is_refused(tmp_path, training, data_folder):
    arguments = {**training(tmp_path / "run"), "train_csv": data_folder / "none.csv"}
    with pytest.raises(DatasetError, match="Train has no subjects"):
        train(**arguments)


def test_crops_larger_than_the_images_train(tmp_path, training):
    train(**training(tmp_path, num_epochs=1, crop_size=(16, 24, 32)))
    rows = read_table(tmp_path / "Train" / "epoch_metrics.csv")
    assert np.isfinite(rows["loss"].astype(float)).all()


def test_the_settings_of_torch_are_as_before(tmp_path, training):
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    train(**training(tmp_path, num_epochs=1))
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before


def test_a_damaged_image_is_named_and_leaves_no_output(tmp_path, data_folder, training):
    import shutil

    shutil.copytree(data_folder, tmp_path / "data")
    rewrite(tmp_path / "data" / "002" / "liver.nii.gz", lambda array: array * 2)
    with pytest.raises(DatasetError, match=r"(?s)Subject 2, 'liver'.*not binary"):
        train(**training(tmp_path / "run", local_dataset=tmp_path / "data"))
    assert not (tmp_path / "run" / "checkpoints").exists()
