import logging
import shutil

import pytest

from innereye.training.checkpoint_file import DeterministicCheckpointIO
from innereye.training.recovery import Recovery, open_recovery, resume_points


def save(path, epoch: int) -> None:
    DeterministicCheckpointIO().save_checkpoint({"epoch": epoch}, path)


@pytest.fixture
def recovery(tmp_path):
    """Return a recovery folder after epoch 4 of 6, with a test epoch 2 and autosaves of 3 and 4."""
    recovery = Recovery(tmp_path)
    save(recovery.test_checkpoint(2), 2)
    save(recovery.autosave(3), 3)
    save(recovery.autosave(4), 4)
    return recovery


def test_training_continues_from_any_epoch_that_left_a_checkpoint(recovery):
    two, three, four = recovery.test_checkpoint(2), recovery.autosave(3), recovery.autosave(4)
    assert resume_points(recovery, [2, 6], 4) == {2: two, 3: three, 4: four}


def test_a_damaged_checkpoint_is_left_out_with_a_word(recovery, caplog):
    path = recovery.autosave(4)
    path.write_bytes(path.read_bytes()[:-30])
    assert max(resume_points(recovery, [2, 6], 4)) == 3
    assert f"{path} is damaged" in caplog.text


def test_a_checkpoint_without_its_rows_does_not_count(recovery):
    assert max(resume_points(recovery, [2, 6], 3)) == 3
    assert resume_points(recovery, [2, 6], 1) == {}


def test_a_checkpoint_without_an_earlier_test_epoch_does_not_count(recovery):
    recovery.test_checkpoint(2).unlink()
    assert resume_points(recovery, [2, 6], 4) == {}
    save(recovery.test_checkpoint(1), 1)
    assert resume_points(recovery, [1, 2, 6], 4) == {1: recovery.test_checkpoint(1)}


def test_nothing_to_continue_from(tmp_path):
    assert resume_points(Recovery(tmp_path), [2], 0) == {}


def test_the_same_fingerprint_finds_what_was_left(recovery):
    with open_recovery(recovery.run_folder, "one"):
        (recovery.folder / "crops").mkdir()
    with open_recovery(recovery.run_folder, "one"):
        assert (recovery.folder / "crops").is_dir()


def test_another_fingerprint_starts_anew_and_says_so(recovery, caplog):
    caplog.set_level(logging.INFO)
    with open_recovery(recovery.run_folder, "one"):
        assert caplog.text == ""
        save(recovery.autosave(1), 1)
    with open_recovery(recovery.run_folder, "two"):
        assert not recovery.checkpoints.exists()
    assert "starts anew" in caplog.text


def test_half_written_files_of_a_killed_training_go(recovery):
    with open_recovery(recovery.run_folder, "one"):
        half = recovery.checkpoints / ".autosave.ckpt.abc"
        half.mkdir(parents=True)
    with open_recovery(recovery.run_folder, "one"):
        assert recovery.checkpoints.is_dir()
        assert not half.exists()


def test_publishing_moves_the_outputs_and_removes_the_rest(recovery):
    with open_recovery(recovery.run_folder, "one") as opened:
        files = opened.outputs([2])
        for number, path in enumerate(files):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(number))
        opened.publish([2])
    published = {path: path.read_text() for path in recovery.run_folder.rglob("*.*")}
    assert published == {
        recovery.run_folder / "checkpoints" / "epoch_002.ckpt": "0",
        recovery.run_folder / "checkpoints" / "last.ckpt": "1",
        recovery.run_folder / "Train" / "epoch_metrics.csv": "2",
        recovery.run_folder / "Val" / "epoch_metrics.csv": "3",
    }


def raise_interrupt(_folder) -> None:
    raise KeyboardInterrupt


def test_a_kill_while_publishing_leaves_all_in_the_recovery_folder(recovery, monkeypatch):
    with open_recovery(recovery.run_folder, "one") as opened:
        for path in opened.outputs([2]):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(shutil, "rmtree", raise_interrupt)
            opened.publish([2])
        assert all(path.is_file() for path in opened.outputs([2]))
