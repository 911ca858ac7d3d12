"""Is a training that goes on from a checkpoint of another one the training that never stopped?"""

import logging
from pathlib import Path

import pytest
import torch

from innereye.errors import CheckpointError, ConfigError
from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.train import train
from trainings import files_of, train_until_killed

EPOCHS = {"num_epochs": 5, "test_epochs": [2, 5]}


@pytest.fixture(scope="module")
def straight(tmp_path_factory, training) -> Path:
    """Return the run folder of a training without a stop."""
    folder = tmp_path_factory.mktemp("straight")
    train(**training(folder, **EPOCHS))
    return folder


@pytest.fixture
def second(tmp_path, training, straight):
    """Return the arguments of a training that goes on after epoch 2, with fields changed."""

    def arguments(**fields):
        fields = {"num_epochs": 5, "test_epochs": [5], **fields}
        checkpoint = straight / "checkpoints" / "epoch_002.ckpt"
        return {**training(tmp_path / "run", **fields), "initial_checkpoint": checkpoint}

    return arguments


def test_it_ends_with_the_same_bytes_and_has_the_rows_of_its_own_epochs(second, straight, caplog):
    caplog.set_level(logging.INFO)
    arguments = second()
    train(**arguments)
    assert "Continuing after epoch 2 of 5." in caplog.text
    ours, theirs = files_of(arguments["run_folder"]), files_of(straight)
    for name in ("checkpoints/last.ckpt", "checkpoints/epoch_005.ckpt"):
        assert ours[name] == theirs[name]
    for split in ("Train", "Val"):
        lines = theirs[f"{split}/epoch_metrics.csv"].splitlines()
        assert ours[f"{split}/epoch_metrics.csv"].splitlines() == [lines[0], *lines[3:]]


def test_a_finished_training_goes_on_as_one_that_was_to_be_longer(tmp_path, training):
    """The schedule knows no last epoch, so that the shorter training is the beginning of the longer."""
    fields = {"l_rate_scheduler": "Exponential", "l_rate_exponential_gamma": 0.8}
    train(**training(tmp_path / "long", num_epochs=5, test_epochs=[5], **fields))
    train(**training(tmp_path / "short", num_epochs=3, test_epochs=[3], **fields))
    again = training(tmp_path / "again", num_epochs=5, test_epochs=[5], **fields)
    train(**again, initial_checkpoint=tmp_path / "short" / "checkpoints" / "last.ckpt")
    ours, theirs = files_of(tmp_path / "again"), files_of(tmp_path / "long")
    assert ours["checkpoints/last.ckpt"] == theirs["checkpoints/last.ckpt"]
    rows = [files["Train/epoch_metrics.csv"].splitlines() for files in (ours, theirs)]
    assert rows[0][1:] == rows[1][4:]


def test_a_finished_training_goes_on_with_the_rates_of_the_longer_one(tmp_path, training):
    train(**training(tmp_path / "short", num_epochs=2, test_epochs=[2]))
    again = training(tmp_path / "again", num_epochs=4, test_epochs=[4])
    train(**again, initial_checkpoint=tmp_path / "short" / "checkpoints" / "last.ckpt")
    train(**training(tmp_path / "long", num_epochs=4, test_epochs=[4]))
    rates = [
        [row.split(b",")[2] for row in files_of(tmp_path / name)["Train/epoch_metrics.csv"].split()]
        for name in ("again", "long")
    ]
    assert rates[0][1:] == rates[1][3:]


def test_killed_it_continues_from_its_own_checkpoints(second, straight, processes, caplog):
    arguments = second()
    train_until_killed(processes, arguments, 2)
    caplog.set_level(logging.INFO)
    train(**arguments)
    assert "Continuing after epoch 2" not in caplog.text
    name = Path("checkpoints") / "last.ckpt"
    assert (arguments["run_folder"] / name).read_bytes() == (straight / name).read_bytes()


def test_another_checkpoint_is_another_training(second, straight, processes, caplog):
    arguments = second()
    train_until_killed(processes, arguments, 1)
    caplog.set_level(logging.INFO)
    train(**{**arguments, "initial_checkpoint": None})
    assert "starts anew" in caplog.text
    assert "epoch 1/5" in caplog.text


def test_the_settings_of_the_new_training_hold(second, straight):
    arguments = second(weight_decay=0.25, adam_betas=(0.5, 0.9))
    train(**arguments)
    name = Path("checkpoints") / "last.ckpt"
    ours, theirs = (load_checkpoint(run / name) for run in (arguments["run_folder"], straight))
    group = ours["optimizer_states"][0]["param_groups"][0]
    assert (group["weight_decay"], tuple(group["betas"])) == (0.25, (0.5, 0.9))
    weights = [checkpoint["state_dict"] for checkpoint in (ours, theirs)]
    assert any(not torch.equal(weights[0][layer], weights[1][layer]) for layer in weights[0])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"num_epochs": 2, "test_epochs": None}, "num_epochs is 2, but .* has 2 finished epochs"),
        ({"num_epochs": 1, "test_epochs": None}, "it must be at least 3"),
        ({"test_epochs": [1, 2, 5]}, "test_epochs has 1, 2, but .* its test epochs are 3 to 5"),
    ],
)
def test_a_training_that_would_end_before_it_starts_is_refused(fields, sentence, second):
    arguments = second(**fields)
    with pytest.raises(ConfigError, match=sentence):
        train(**arguments)
    assert not arguments["run_folder"].exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"ground_truth_ids": ["liver"]},
            "tells 2 structures from the background, the model 1: liv",
        ),
        ({"feature_channels": [3]}, r"other sizes: .* check feature_channels"),
        ({"num_downsampling_paths": 2}, "has other layers: .* check architecture"),
        ({"normalisation_layer": "InstanceNorm"}, "has other layers: .*normalisation_layer"),
        ({"optimizer_type": "SGD"}, "check optimizer_type"),
        ({"optimizer_type": "AMSGrad"}, "check optimizer_type"),
    ],
)
def test_another_network_or_optimiser_is_refused_before_anything_starts(fields, sentence, second):
    arguments = second(**fields)
    with pytest.raises(
        CheckpointError, match=f"(?s)cannot start from .*epoch_002.ckpt.*{sentence}"
    ):
        train(**arguments)
    assert not arguments["run_folder"].exists()


def test_a_file_that_is_no_checkpoint_is_refused(second, tmp_path):
    torch.save({"state_dict": {}}, tmp_path / "weights.ckpt")
    for name, sentence in (("weights.ckpt", "no epoch, optimizer_states"), ("none", "not exist")):
        with pytest.raises(CheckpointError, match=sentence):
            train(**{**second(), "initial_checkpoint": tmp_path / name})
