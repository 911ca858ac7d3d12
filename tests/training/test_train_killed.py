"""Does a killed training end as if nothing had happened? With real processes and SIGKILL."""

import pytest

from innereye.training.train import train
from trainings import CHECKPOINT, ROW, files_of, train_until_killed

EPOCHS = {"num_epochs": 6, "test_epochs": [2, 4]}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, training) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    train(**training(folder, **EPOCHS))
    return files_of(folder)


@pytest.mark.parametrize(
    ("deaths", "moment"),
    [((1,), ROW), ((3,), CHECKPOINT), ((5,), ROW), ((1, 2, 4), CHECKPOINT)],
)
def test_a_killed_training_continues_to_the_same_bytes(
    deaths, moment, processes, undisturbed, tmp_path, training
):
    arguments = training(tmp_path, **EPOCHS, num_dataload_workers=1)
    for epochs in deaths:
        train_until_killed(processes, arguments, epochs, moment=moment)
    assert not (tmp_path / "checkpoints").exists()
    train(**arguments)
    assert files_of(tmp_path) == undisturbed


def test_it_does_continue(processes, tmp_path, training, caplog):
    arguments = training(tmp_path, **EPOCHS)
    train_until_killed(processes, arguments, 4)
    caplog.set_level("INFO")
    train(**arguments)
    assert "Continuing after epoch " in caplog.text
    assert "epoch 1/6" not in caplog.text
    assert "epoch 6/6" in caplog.text


def test_without_autosaves_it_continues_from_the_last_test_epoch(
    processes, undisturbed, tmp_path, training, caplog
):
    arguments = training(tmp_path, **EPOCHS, autosave_every_n_val_epochs=0)
    train_until_killed(processes, arguments, 3)
    caplog.set_level("INFO")
    train(**arguments)
    assert "Continuing after epoch 2 of 6." in caplog.text
    assert files_of(tmp_path) == undisturbed


def test_a_damaged_recovery_checkpoint_costs_an_epoch_and_nothing_else(
    processes, undisturbed, tmp_path, training, caplog
):
    arguments = training(tmp_path, **EPOCHS)
    train_until_killed(processes, arguments, 5)
    for autosave in (tmp_path / "recovery" / "checkpoints").glob("autosave*"):
        autosave.write_bytes(autosave.read_bytes()[:-100])
    caplog.set_level("INFO")
    train(**arguments)
    assert "A recovery checkpoint is left out" in caplog.text
    assert "Continuing after epoch 4 of 6." in caplog.text
    assert files_of(tmp_path) == undisturbed


def test_another_fingerprint_trains_from_the_start(processes, tmp_path, training, caplog):
    arguments = training(tmp_path, **EPOCHS)
    train_until_killed(processes, arguments, 4)
    caplog.set_level("INFO")
    train(**{**arguments, "fingerprint": "two"})
    assert "starts anew" in caplog.text
    assert "epoch 1/6" in caplog.text
