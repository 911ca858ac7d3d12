"""Does a training survive the loss of its machine, whatever the copy of its files looks like?"""

import logging
import shutil
from pathlib import Path

import pytest

from innereye.names import AZUREML_RECOVERY
from innereye.training.recovery import Recovery, open_recovery
from innereye.training.recovery_copy import copy_of
from innereye.training.train import train
from trainings import files_of, train_until_killed

EPOCHS = {"num_epochs": 6, "test_epochs": [2, 4]}


@pytest.fixture
def recovery(tmp_path):
    with open_recovery(tmp_path / "run", "one") as recovery:
        yield recovery


@pytest.fixture
def copy(tmp_path):
    return copy_of(str(tmp_path / "disk"), "one")


def write(recovery: Recovery, finished: int) -> list:
    """Write what an epoch leaves; every file says which epoch it is from."""
    paths = [*recovery.needed(finished, [2, 4]), recovery.autosave(finished)]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.stem if path.stem.startswith("epoch_0") else f"{path} {finished}")
    return paths


def save(copy, recovery, *epochs: int) -> dict[str, bytes]:
    """Copy what some epochs left; returns what should come back."""
    for finished in epochs:
        paths = write(recovery, finished)
        copy.save(recovery, paths, finished=finished)
    expected = {path.relative_to(recovery.folder).as_posix() for path in paths}
    return {place: data for place, data in files_of(recovery.folder).items() if place in expected}


def restored(copy, tmp_path) -> dict[str, bytes]:
    """Return the files that a new machine finds."""
    with open_recovery(tmp_path / "elsewhere", "one") as recovery:
        copy.restore(recovery)
        files = files_of(recovery.folder)
        shutil.rmtree(recovery.folder)
    return {
        place: data for place, data in files.items() if place not in ("lock", "fingerprint.txt")
    }


def test_the_last_epoch_comes_back_and_what_belongs_to_it(copy, recovery, tmp_path):
    expected = save(copy, recovery, 1, 2, 3)
    assert len(expected) == 4
    assert restored(copy, tmp_path) == expected


def test_a_set_that_is_not_whole_gives_way_to_the_one_before(copy, recovery, tmp_path, caplog):
    expected = save(copy, recovery, 1, 2)
    before = set(copy.folder.iterdir())
    save(copy, recovery, 3)
    for path in set(copy.folder.iterdir()) - before:
        content = path.read_bytes()
        path.write_bytes(content[:-1])
        assert restored(copy, tmp_path).items() >= expected.items()
        assert "A copy of the training is left out" in caplog.text
        path.write_bytes(content)
        caplog.clear()


@pytest.mark.parametrize("moment", range(4))
def test_a_kill_at_any_moment_leaves_a_whole_set(moment, copy, recovery, tmp_path, monkeypatch):
    expected = save(copy, recovery, 1, 2)
    paths = write(recovery, 3)
    replace, calls = Path.replace, iter(range(moment))

    def replace_or_die(part, target):
        next(calls)
        return replace(part, target)

    with monkeypatch.context() as patch, pytest.raises(StopIteration):
        patch.setattr(Path, "replace", replace_or_die)
        copy.save(recovery, paths, finished=3)
    assert restored(copy, tmp_path) == expected


def test_only_the_last_two_sets_stay(copy, recovery):
    save(copy, recovery, 1, 2, 3, 4, 5)
    names = sorted(path.name for path in copy.folder.iterdir())
    assert [name for name in names if name.endswith(".set.json")] == [
        "000004.set.json",
        "000005.set.json",
    ]
    # Two checkpoints of test epochs; tables and an autosave of each of two epochs.
    assert len([name for name in names if name.endswith(".file")]) == 2 + 2 * 3


def test_a_later_set_that_nobody_could_use_goes(copy, recovery, tmp_path):
    save(copy, recovery, 5)
    expected = save(copy, recovery, 1)
    assert restored(copy, tmp_path) == expected


def test_a_folder_with_checkpoints_of_its_own_is_left_alone(copy, recovery):
    save(copy, recovery, 3)
    recovery.autosave(3).write_text("mine")
    copy.restore(recovery)
    assert recovery.autosave(3).read_text() == "mine"


def test_another_training_finds_nothing(copy, recovery, tmp_path):
    save(copy, recovery, 1)
    assert restored(copy_of(str(tmp_path / "disk"), "two"), tmp_path) == {}
    assert copy_of(None, "one") is None
    assert copy_of("", "one") is None


def test_trouble_with_the_disk_does_not_stop_the_training(copy, recovery, caplog):
    copy.folder.parent.mkdir()
    copy.folder.write_text("a file where a folder should be")
    copy.save(recovery, write(recovery, 1), finished=1)
    assert "Epoch 1 has no copy in" in caplog.text


def test_a_training_continues_on_another_machine_to_the_same_bytes(
    processes, tmp_path, training, caplog, monkeypatch
):
    train(**training(tmp_path / "undisturbed", **EPOCHS))
    monkeypatch.setenv(AZUREML_RECOVERY, str(tmp_path / "disk"))
    lost = training(tmp_path / "lost", **EPOCHS)
    train_until_killed(processes, lost, 4, {AZUREML_RECOVERY: str(tmp_path / "disk")})
    shutil.rmtree(tmp_path / "lost")
    caplog.set_level(logging.INFO)
    train(**training(tmp_path / "new", **EPOCHS))
    assert "Continuing after epoch " in caplog.text
    assert files_of(tmp_path / "new") == files_of(tmp_path / "undisturbed")
    # A job that fails after its training hands over what it had.
    caplog.clear()
    train(**training(tmp_path / "third", **EPOCHS))
    assert "Continuing after epoch 6 of 6." in caplog.text
    assert files_of(tmp_path / "third") == files_of(tmp_path / "undisturbed")
