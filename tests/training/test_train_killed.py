"""Does a killed training end as if nothing had happened? With real processes and SIGKILL."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from innereye.training.train import train

EPOCHS = {"num_epochs": 6, "test_epochs": [2, 4]}
PATIENCE_S = 120


@pytest.fixture(scope="module")
def processes(repository):
    """Return a context whose processes have the library imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([train.__module__])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(repository / "scripts"))
        yield context


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, training) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    train(**training(folder, **EPOCHS))
    return files_of(folder)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files but the logs, by their place in the folder."""
    paths = [path for path in folder.rglob("*") if path.is_file() and "logs" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


def finished_epochs(run_folder: Path) -> int:
    table = run_folder / "recovery" / "Val" / "epoch_metrics.csv"
    return table.read_text().count("\n") - 1 if table.is_file() else 0


def train_until(processes, arguments: dict, epochs: int) -> None:
    """Train in a process of its own, and kill it when it has written the row of an epoch."""
    process = processes.Process(target=train, kwargs=arguments)
    process.start()
    limit = time.monotonic() + PATIENCE_S
    while finished_epochs(arguments["run_folder"]) < epochs and time.monotonic() < limit:
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("moments", [(1,), (3,), (5,), (1, 2, 4)])
def test_a_killed_training_continues_to_the_same_bytes(
    moments, processes, undisturbed, tmp_path, training
):
    arguments = training(tmp_path, **EPOCHS, num_dataload_workers=1)
    for epochs in moments:
        train_until(processes, arguments, epochs)
    assert not (tmp_path / "checkpoints").exists()
    train(**arguments)
    assert files_of(tmp_path) == undisturbed


def test_it_does_continue(processes, tmp_path, training, caplog):
    arguments = training(tmp_path, **EPOCHS)
    train_until(processes, arguments, 4)
    caplog.set_level("INFO")
    train(**arguments)
    assert "Continuing after epoch " in caplog.text
    assert "epoch 1/6" not in caplog.text
    assert "epoch 6/6" in caplog.text


def test_without_autosaves_it_continues_from_the_last_test_epoch(
    processes, undisturbed, tmp_path, training, caplog
):
    arguments = training(tmp_path, **EPOCHS, autosave_every_n_val_epochs=0)
    train_until(processes, arguments, 3)
    caplog.set_level("INFO")
    train(**arguments)
    assert "Continuing after epoch 2 of 6." in caplog.text
    assert files_of(tmp_path) == undisturbed


def test_a_damaged_recovery_checkpoint_costs_an_epoch_and_nothing_else(
    processes, undisturbed, tmp_path, training, caplog
):
    arguments = training(tmp_path, **EPOCHS)
    train_until(processes, arguments, 5)
    for autosave in (tmp_path / "recovery" / "checkpoints").glob("autosave*"):
        autosave.write_bytes(autosave.read_bytes()[:-100])
    caplog.set_level("INFO")
    train(**arguments)
    assert "A recovery checkpoint is left out" in caplog.text
    assert "Continuing after epoch 4 of 6." in caplog.text
    assert files_of(tmp_path) == undisturbed


def test_another_fingerprint_trains_from_the_start(processes, tmp_path, training, caplog):
    arguments = training(tmp_path, **EPOCHS)
    train_until(processes, arguments, 4)
    caplog.set_level("INFO")
    train(**{**arguments, "fingerprint": "two"})
    assert "starts anew" in caplog.text
    assert "epoch 1/6" in caplog.text
