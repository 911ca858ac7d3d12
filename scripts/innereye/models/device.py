"""On which device does a job compute, when several jobs share the GPUs of a machine?"""

import fcntl
import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch

logger = logging.getLogger(__name__)

VISIBLE = "CUDA_VISIBLE_DEVICES"
SECONDS_BETWEEN_TRIES = 1.0


@contextmanager
def claimed_device(max_num_gpus: int) -> Iterator[torch.device]:
    """Give a GPU that no other job holds, waiting for one if need be; the CPU where none may be used.

    Other GPUs are hidden from this process (`CUDA_VISIBLE_DEVICES`), so it must not have used one yet.
    """
    names = visible_gpus() if max_num_gpus else []
    if not names:
        yield torch.device("cpu")
        return
    with claimed_name(names, Path(tempfile.gettempdir())) as name, only_visible(name):
        if torch.cuda.is_available():
            logger.info("Computing on GPU %s.", name)
            yield torch.device("cuda", 0)
        else:
            logger.info("torch cannot use GPU %s; computing on the CPU.", name)
            yield torch.device("cpu")


def visible_gpus() -> list[str]:
    """Return the names of the GPUs that this process may use, without touching one.

    These are UUIDs where `nvidia-smi` tells them, else the entries of CUDA_VISIBLE_DEVICES.
    """
    present = present_gpus()
    stated = os.environ.get(VISIBLE)
    if stated is None:
        return present
    entries = [entry.strip() for entry in stated.split(",")]
    # CUDA ignores what follows the first entry that names no device, such as -1.
    usable = [entry for entry in entries if entry and not entry.startswith("-")]
    return [uuid_of(entry, present) for entry in usable]


def present_gpus() -> list[str]:
    """Return the UUIDs of all GPUs of the machine, in the driver's order; none without a driver."""
    if shutil.which("nvidia-smi") is None:
        return []
    command = ["nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        logger.warning("nvidia-smi failed, so no GPU is used: %s", answer.stdout.strip())
        return []
    return answer.stdout.split()


def uuid_of(entry: str, present: Sequence[str]) -> str:
    """Return the UUID of a GPU that is named by its number; other names stay as they are."""
    if entry.isdigit() and int(entry) < len(present):
        return present[int(entry)]
    return entry


@contextmanager
def claimed_name(names: Sequence[str], lock_folder: Path) -> Iterator[str]:
    """Give the first name that no other process holds; wait where all are held.

    The locks are files that the operating system frees when a process ends, however it ends.
    """
    is_first_try = True
    while True:
        for name in names:
            lock = _lock_of(name, lock_folder)
            if lock is None:
                continue
            try:
                yield name
            finally:
                os.close(lock)
            return
        if is_first_try:
            logger.info("All %d GPUs are held by other jobs; waiting for one.", len(names))
        is_first_try = False
        time.sleep(SECONDS_BETWEEN_TRIES)


@contextmanager
def only_visible(name: str) -> Iterator[None]:
    """Hide all GPUs but one from this process and from those that it starts."""
    before = os.environ.get(VISIBLE)
    os.environ[VISIBLE] = name
    try:
        yield
    finally:
        if before is None:
            del os.environ[VISIBLE]
        else:
            os.environ[VISIBLE] = before


def _lock_of(name: str, lock_folder: Path) -> int | None:
    """Return the descriptor of a lock on the name, or None where another process holds it."""
    path = lock_folder / f"innereye-{os.getuid()}-gpu-{name}.lock"
    lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        # A lock of lockf belongs to the process: workers that outlive a killed job hold none.
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock
