"""A training that is killed continues; equal seeds give equal bytes."""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest
import torch

from projects import Project

PATIENCE_S = 120
TARGETS = ("outputs/epoch_002/Test/metrics.csv", "outputs/epoch_003/Test/metrics.csv")
Copy = Callable[[Project], Project]


def epochs_done(project: Project) -> int:
    """Return how many epochs the training has logged."""
    path = project.path("outputs", "logs", "train_model.log")
    return path.read_text().count("| loss") if path.is_file() else 0


def kill_after(project: Project, epochs: int) -> None:
    """Start the workflow and kill its whole process group once so many epochs are done."""
    process = subprocess.Popen(
        project.command("--cores", "2", *TARGETS),
        cwd=project.folder,
        env=project.environment(),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE_S
    while epochs_done(project) < epochs and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def weights(project: Project, name: str) -> dict[str, torch.Tensor]:
    path = project.path("outputs", "checkpoints", name)
    return torch.load(path, weights_only=True)["state_dict"]


@pytest.mark.slow
@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_a_killed_training_ends_as_an_undisturbed_one(
    finished: Project, project: Project, epochs: int
) -> None:
    kill_after(project, epochs)
    assert not project.path("outputs", "checkpoints", "last.ckpt").exists()
    project.succeed("--unlock")
    printed = project.succeed("--cores", "2", *TARGETS)
    assert f"Continuing after epoch {epochs} of 4" in printed
    for name in ("epoch_002.ckpt", "epoch_003.ckpt", "last.ckpt"):
        expected = weights(finished, name)
        assert all(torch.equal(w, expected[k]) for k, w in weights(project, name).items())
    for target in TARGETS:
        assert project.path(target).read_bytes() == finished.path(target).read_bytes()


def digests(project: Project) -> dict[str, str]:
    """Return the hash of every result that holds no time and no place."""
    folder = project.path("outputs")
    skipped = {"logs", "buildinformation.json", "checked_files.json"}
    files = [p for p in folder.rglob("*") if p.is_file()]
    names = {p: p.relative_to(folder) for p in files}
    return {
        str(name): hashlib.sha256(path.read_bytes()).hexdigest()
        for path, name in names.items()
        if not skipped & set(name.parts)
    }


@pytest.mark.slow
def test_the_same_seed_in_another_folder_on_one_core_gives_the_same_bytes(
    finished: Project, project: Project
) -> None:
    project.succeed("--cores", "1")
    assert digests(project) == digests(finished)
