"""A moving average of the weights: its numbers, its use, and a training that is interrupted."""

import logging

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from innereye.errors import InnerEyeError
from innereye.inference.checkpoint import read_weights
from innereye.training.averaged_weights import AveragedWeights, restore_trained
from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.train import train
from trainings import files_of, train_until_killed

EPOCHS = {"num_epochs": 4, "test_epochs": [2]}
EVERYTHING = {
    **EPOCHS,
    "ema_decay": 0.9,
    "gradient_clip_norm": 0.5,
    "optimizer_type": "AdamW",
    "random_scaling": (0.8, 1.2),
    "random_brightness": 0.1,
    "random_contrast": (0.8, 1.2),
    "random_gamma": (0.8, 1.2),
    "random_elastic_mm": 4.0,
    "random_elastic_smoothness_mm": 12.0,
    "random_flip_axes": ["z", "y"],
    "random_blur": (0.0, 1.0),
}


def network(value: float) -> nn.Module:
    layer = nn.BatchNorm1d(2)
    for number in (layer.weight, layer.bias, layer.running_mean, layer.running_var):
        nn.init.constant_(number, value)
    return layer


def average_of(averaged: AveragedWeights) -> float:
    checkpoint = {"state_dict": {}}
    averaged.save(checkpoint, "")
    return checkpoint["state_dict"]["weight"][0].item()


@settings(deadline=None, max_examples=30)
@given(
    decay=st.floats(0.01, 0.999),
    values=st.lists(st.floats(-5, 5), min_size=1, max_size=20),
)
def test_the_average_is_the_exponential_one_and_lies_between_its_values(decay, values):
    averaged, expected = AveragedWeights(decay), values[0]

    for step, value in enumerate(values, start=1):
        averaged.update(network(value))
        kept = min(decay, (1 + step) / (10 + step)) if step > 1 else 0.0
        expected = kept * expected + (1 - kept) * value

    assert average_of(averaged) == pytest.approx(expected, abs=1e-4)
    assert min(values) - 1e-5 <= average_of(averaged) <= max(values) + 1e-5


def test_statistics_are_averaged_and_whole_numbers_taken_as_they_are():
    averaged, layer = AveragedWeights(0.5), network(1.0)
    averaged.update(layer)
    other = network(3.0)
    other.num_batches_tracked.fill_(7)
    averaged.update(other)

    checkpoint = {"state_dict": {}}
    averaged.save(checkpoint, "")

    assert 1.0 < checkpoint["state_dict"]["running_var"][0].item() < 3.0
    assert checkpoint["state_dict"]["num_batches_tracked"].item() == 7


def test_the_average_is_what_gives_the_output_and_the_network_stays():
    layer = nn.Linear(1, 1, bias=False)
    averaged = AveragedWeights(0.5)
    for value in (0.0, 8.0):
        nn.init.constant_(layer.weight, value)
        averaged.update(layer)

    given = averaged.output(layer, torch.ones(1, 1)).item()

    assert given == pytest.approx(8.0 * (1 - 3 / 12))
    assert layer.weight.item() == 8.0


def test_a_checkpoint_gives_back_average_and_weights():
    averaged = AveragedWeights(0.9)
    for value in (1.0, 2.0, 5.0):
        averaged.update(network(value))
    trained = {f"model.{name}": value for name, value in network(5.0).state_dict().items()}
    checkpoint = {"state_dict": dict(trained)}
    averaged.save(checkpoint, "model.")

    continued = AveragedWeights(0.9)
    continued.load(checkpoint, "model.")
    restore_trained(checkpoint)

    assert torch.equal(checkpoint["state_dict"]["model.weight"], trained["model.weight"])
    for each in (averaged, continued):
        each.update(network(7.0))
    assert average_of(averaged) == average_of(continued)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, training):
    folder = tmp_path_factory.mktemp("undisturbed")
    train(**training(folder, **EVERYTHING))
    return folder


def test_checkpoints_hold_the_average_for_use_and_the_weights_to_go_on(undisturbed, training):
    path = undisturbed / "checkpoints" / "last.ckpt"
    checkpoint = load_checkpoint(path)

    used = read_weights(path)
    trained = checkpoint["trained_state_dict"]

    assert set(trained) == set(checkpoint["state_dict"]) == {f"model.{name}" for name in used}
    assert any(not torch.equal(used[name], trained[f"model.{name}"]) for name in used)


def test_the_average_does_not_change_the_training(undisturbed, training, tmp_path):
    train(**training(tmp_path, **{**EVERYTHING, "ema_decay": None}))

    plain = load_checkpoint(tmp_path / "checkpoints" / "last.ckpt")
    averaged = load_checkpoint(undisturbed / "checkpoints" / "last.ckpt")

    assert "trained_state_dict" not in plain
    for name, value in plain["state_dict"].items():
        assert torch.equal(value, averaged["trained_state_dict"][name])
    tables = [
        (each / "Train" / "epoch_metrics.csv").read_bytes() for each in (undisturbed, tmp_path)
    ]
    assert tables[0] == tables[1]


class Interruption(logging.Handler):
    """Ends a training when it says that an epoch is over."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self._words = f"epoch {epoch}/"

    def emit(self, record: logging.LogRecord) -> None:
        if self._words in record.getMessage():
            raise InnerEyeError("interrupted")


@pytest.fixture
def interrupt():
    """Let trainings end with an error after an epoch, from now on; None lets them be."""
    logger, handlers = logging.getLogger("innereye"), []
    logger.setLevel("INFO")

    def after(epoch: int | None) -> None:
        while handlers:
            logger.removeHandler(handlers.pop())
        if epoch is not None:
            handlers.append(Interruption(epoch))
            logger.addHandler(handlers[-1])

    yield after
    after(None)
    logger.setLevel("NOTSET")


@pytest.mark.parametrize("epoch", [1, 3])
def test_a_continued_training_with_everything_on_ends_with_the_same_bytes(
    epoch, undisturbed, training, tmp_path, interrupt
):
    arguments = training(tmp_path, **EVERYTHING, num_dataload_workers=epoch // 2)
    interrupt(epoch)
    with pytest.raises(InnerEyeError, match="interrupted"):
        train(**arguments)
    assert not (tmp_path / "checkpoints").exists()

    interrupt(None)
    train(**arguments)

    assert files_of(tmp_path) == files_of(undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("moments", [(1,), (1, 2, 3)])
def test_a_killed_training_with_everything_on_ends_with_the_same_bytes(
    moments, processes, undisturbed, training, tmp_path
):
    arguments = training(tmp_path, **EVERYTHING, num_dataload_workers=1)
    for epochs in moments:
        train_until_killed(processes, arguments, epochs)

    train(**arguments)

    assert files_of(tmp_path) == files_of(undisturbed)
