"""On which device does a job compute, when several jobs share the GPUs of a machine?"""

import fcntl
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch

logger = logging.getLogger(__name__)


@contextmanager
def claimed_device(max_num_gpus: int) -> Iterator[torch.device]:
    """Give the first GPU that no other job holds; the CPU where none may be used."""
    if max_num_gpus == 0 or not torch.cuda.is_available():
        yield torch.device("cpu")
        return
    count = torch.cuda.device_count()
    names = [str(torch.cuda.get_device_properties(index).uuid) for index in range(count)]
    with claimed_index(names, Path(tempfile.gettempdir())) as index:
        yield torch.device("cuda", index)


@contextmanager
def claimed_index(names: Sequence[str], lock_folder: Path) -> Iterator[int]:
    """Give the index of the first name that no other process holds; 0, shared, when all are held.

    The locks are files that the operating system frees when a process ends, however it ends.
    """
    for index, name in enumerate(names):
        path = lock_folder / f"innereye-{os.getuid()}-gpu-{name}.lock"
        lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        try:
            yield index
        finally:
            os.close(lock)
        return
    logger.warning("All %d GPUs are held by other jobs; this one shares the first.", len(names))
    yield 0
