import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from innereye.errors import InnerEyeError
from innereye.training.recovery_lock import LOCK_FILE, lock

HOLD = """
import os, sys, time
from pathlib import Path
from innereye.training.recovery_lock import lock
with lock(Path(sys.argv[1])):
    if sys.argv[2] == "fork" and os.fork() == 0:
        time.sleep(60)
    print(os.getpid(), flush=True)
    time.sleep(60)
"""


def start_holder(folder: Path, repository: Path, how: str = "alone") -> subprocess.Popen[str]:
    """Start a process that holds the lock of a folder, and return when it does."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), how],
        env={**os.environ, "PYTHONPATH": str(repository / "scripts")},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == str(holder.pid)
    return holder


def end(holder: subprocess.Popen[str]) -> None:
    os.killpg(holder.pid, signal.SIGKILL)
    holder.communicate()


def test_a_second_training_is_refused_and_told_who_is_at_work(tmp_path, repository):
    holder = start_holder(tmp_path / "recovery", repository)
    with pytest.raises(InnerEyeError) as caught, lock(tmp_path / "recovery"):
        pass
    end(holder)
    assert f"{tmp_path} is being trained by process {holder.pid} on " in str(caught.value)


def test_a_killed_process_leaves_no_lock(tmp_path, repository):
    end(start_holder(tmp_path, repository))
    with lock(tmp_path):
        pass


def test_a_worker_that_outlives_a_killed_training_does_not_hold_its_lock(tmp_path, repository):
    holder = start_holder(tmp_path, repository, "fork")
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with lock(tmp_path):
        pass
    end(holder)


def test_a_lock_on_a_file_that_its_holder_has_removed_meanwhile_is_none(tmp_path, monkeypatch):
    files = []
    lockf = fcntl.lockf

    def remove_once_and_lock(descriptor: int, how: int) -> None:
        files.append(descriptor)
        if len(files) == 1:
            (tmp_path / LOCK_FILE).unlink()
        lockf(descriptor, how)

    monkeypatch.setattr(fcntl, "lockf", remove_once_and_lock)
    with lock(tmp_path):
        assert len(files) == 2
        assert (tmp_path / LOCK_FILE).read_text().startswith(f"process {os.getpid()} on ")
