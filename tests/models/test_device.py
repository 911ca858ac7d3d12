"""Do jobs that share a machine take different GPUs?"""

import os
import subprocess
import sys
import time

import pytest
import torch

from innereye.models import device as module
from innereye.models.device import claimed_device, claimed_name, visible_gpus

HOLDER = """
import sys, time
from pathlib import Path
from innereye.models.device import claimed_name
with claimed_name(sys.argv[2:], Path(sys.argv[1])) as name:
    print(name, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def hold(tmp_path):
    """Return a function that starts a process which holds a GPU, and tells which."""
    holders = []

    def start(*names):
        command = [sys.executable, "-c", HOLDER, str(tmp_path), *names]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        holders.append(holder)
        return holder

    yield start
    for holder in holders:
        holder.kill()
        holder.wait()
        holder.stdout.close()


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """Put a command `nvidia-smi` on the path that knows two GPUs."""
    command = tmp_path / "bin" / "nvidia-smi"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\nprintf 'GPU-a\\nGPU-b\\n'\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return command


def test_each_process_gets_another(tmp_path, hold):
    assert hold("a", "b").stdout.readline() == "a\n"
    with claimed_name(["a", "b"], tmp_path) as name:
        assert name == "b"


def test_a_process_waits_until_the_holder_ends(tmp_path, hold, caplog, monkeypatch):
    caplog.set_level("INFO")
    holder = hold("a")
    assert holder.stdout.readline() == "a\n"
    tries = []

    def sleep(seconds):
        tries.append(seconds)
        if len(tries) == 3:
            holder.kill()
            holder.wait()

    monkeypatch.setattr(module.time, "sleep", sleep)
    with claimed_name(["a"], tmp_path) as name:
        assert name == "a"
    assert len(tries) == 3
    assert caplog.text.count("All 1 GPUs are held") == 1


def test_what_was_held_is_free_again_even_after_an_error(tmp_path, hold):
    with pytest.raises(RuntimeError), claimed_name(["a"], tmp_path):
        raise RuntimeError
    assert hold("a").stdout.readline() == "a\n"


def test_a_worker_that_outlives_its_job_holds_nothing(tmp_path, hold):
    parent = os.fork()
    if parent == 0:
        with claimed_name(["a"], tmp_path):
            if os.fork() == 0:
                time.sleep(20)
            os._exit(0)
    os.waitpid(parent, 0)
    assert hold("a").stdout.readline() == "a\n"


def test_the_driver_names_the_gpus(driver):
    assert visible_gpus() == ["GPU-a", "GPU-b"]


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("1", ["GPU-b"]),
        ("1,0", ["GPU-b", "GPU-a"]),
        ("GPU-b", ["GPU-b"]),
        ("", []),
        ("-1", []),
        ("7", ["7"]),
    ],
)
def test_the_variable_chooses_among_them(driver, monkeypatch, stated, names):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", stated)
    assert visible_gpus() == names


def test_a_failing_driver_means_no_gpu(driver, caplog):
    driver.write_text("#!/bin/sh\necho 'no driver'; exit 9\n")
    assert visible_gpus() == []
    assert "no driver" in caplog.text


def test_others_are_hidden_while_one_is_held(tmp_path, monkeypatch):
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,6")
    with claimed_device(-1):
        assert os.environ["CUDA_VISIBLE_DEVICES"] == "5"
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "5,6"


def test_no_gpu_is_taken_where_none_is_allowed(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    with claimed_device(0) as device:
        assert device == torch.device("cpu")
        assert os.environ["CUDA_VISIBLE_DEVICES"] == "0"


def test_the_cpu_serves_where_there_is_no_gpu(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with claimed_device(-1) as device:
        assert device == torch.device("cpu")
