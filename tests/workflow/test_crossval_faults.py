"""Folds side by side: a fold that fails, GPUs that are shared, a data set without Test."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from projects import Project

PATIENCE_S = 300
HOLDER = """
import sys, time
from pathlib import Path
{imports}
with {held}:
    print("held", flush=True)
    time.sleep(3600)
"""
TRAINED = "outputs/CrossValResults/{}/checkpoints/last.ckpt"


@contextmanager
def holding(project: Project, imports: str, held: str) -> Iterator[subprocess.Popen[str]]:
    """Hold something by another process until the end of the block, or until it is killed."""
    code = HOLDER.format(imports=imports, held=held)
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=project.folder, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def started(
    project: Project, *arguments: str, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the workflow, and kill its process group at the end of the block if it still runs."""
    process = subprocess.Popen(
        project.command(*arguments),
        cwd=project.folder,
        env={**project.environment(), **variables},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for_lines(
    project: Project, workflow: subprocess.Popen[bytes], words: str, *folds: int
) -> list[str]:
    """Wait until the training log of each fold has a line with these words, and return the lines."""
    logs = [project.path(f"outputs/CrossValResults/{fold}/logs/train_model.log") for fold in folds]
    deadline = time.monotonic() + PATIENCE_S
    texts: list[str] = []
    while time.monotonic() < deadline and workflow.poll() is None:
        texts = [log.read_text() if log.is_file() else "" for log in logs]
        lines = [[line for line in text.splitlines() if words in line] for text in texts]
        if all(lines):
            return [found[0] for found in lines]
        time.sleep(0.1)
    raise AssertionError(f"'{words}' did not come: {texts}")


@pytest.fixture
def gpus(project: Project, tmp_path: Path) -> Project:
    """A project whose four folds train for longer than anybody waits, on GPUs if there are any."""
    values = "number_of_cross_validation_splits: 4\nmax_num_gpus: -1\nnum_epochs: 100000\n"
    values += "test_epochs: [100000]\nnum_cpu_threads: 1\n"
    config = project.path(project.config_file)
    config.write_text(config.read_text() + values)
    (tmp_path / "locks").mkdir()
    return project


@pytest.mark.slow
def test_four_folds_take_four_gpus(gpus: Project, tmp_path: Path) -> None:
    targets = [TRAINED.format(fold) for fold in range(4)]
    arguments = (*targets, "--cores", "4", "--resources", "gpu=4")
    variables = {"CUDA_VISIBLE_DEVICES": "0,1,2,3", "TMPDIR": str(tmp_path / "locks")}
    with started(gpus, *arguments, **variables) as workflow:
        lines = wait_for_lines(gpus, workflow, "omputing on", 0, 1, 2, 3)
    assert sorted(re.findall(r"GPU (\d)", " ".join(lines))) == list("0123")


@pytest.mark.slow
def test_with_one_gpu_folds_take_turns(gpus: Project, tmp_path: Path) -> None:
    locks = tmp_path / "locks"
    imports = "from innereye.models.device import claimed_name"
    variables = {"CUDA_VISIBLE_DEVICES": "0", "TMPDIR": str(locks)}
    with (
        holding(gpus, imports, f"claimed_name(['0'], Path('{locks}'))") as holder,
        started(gpus, "--cores", "1", TRAINED.format(2), **variables) as workflow,
    ):
        wait_for_lines(gpus, workflow, "All 1 GPUs are held by other jobs; waiting for one.", 2)
        holder.kill()
        lines = wait_for_lines(gpus, workflow, "omputing on", 2)
    assert "GPU 0" in lines[0]


@pytest.mark.slow
def test_a_failed_fold_stops_no_other(project: Project) -> None:
    imports = "from innereye.training.recovery_lock import lock"
    folder = "outputs/CrossValResults/1/recovery"
    targets = [TRAINED.format(fold) for fold in range(2)]
    values = {"number_of_cross_validation_splits": 2, "num_epochs": 1, "test_epochs": 1}
    with holding(project, imports, f"lock(Path('{folder}'))"):
        printed = project.fail("--cores", "1", "--keep-going", *targets, **values)
    assert "outputs/CrossValResults/1 is being trained by" in printed
    assert "outputs/CrossValResults/1/logs/train_model.log" in printed
    assert project.path(TRAINED.format(0)).is_file()
    assert not project.path(TRAINED.format(1)).exists()


@pytest.mark.slow
def test_a_new_subject_moves_no_other_where_names_decide(project: Project) -> None:
    table = project.path("data", "dataset.csv")
    whole = table.read_text().splitlines()
    table.write_text("\n".join(line for line in whole if not line.startswith("8,")) + "\n")
    values = {"model": "HelloWorld", "local_dataset": "data", "split_by_hash": True}
    values |= {"number_of_cross_validation_splits": 2, "split_proportions": "0.8,0.2,0"}
    names = ["train", "val", "test"]
    tables = [f"outputs/CrossValResults/{fold}/{n}_dataset.csv" for fold in (0, 1) for n in names]
    project.succeed("--cores", "2", *tables, **values)
    table.write_text("\n".join(whole) + "\n")
    printed = project.succeed("-n", *tables, **values)
    assert "The data set has changed since these runs:" in printed
    gains = [line for line in printed.splitlines() if "gains 8" in line]
    assert len(gains) == 2
    assert not any("loses" in line for line in gains)
