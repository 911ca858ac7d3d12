"""Is another training at work in this run folder?"""

import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from innereye.errors import InnerEyeError

LOCK_FILE = "lock"


@contextmanager
def lock(folder: Path, *, if_held: Callable[[], object] = bool) -> Iterator[None]:
    """Hold the lock of a folder, which is made if missing; a killed process leaves none behind.

    `if_held` is called when another process holds it; `bool` does nothing.

    Raises:
        InnerEyeError: another process holds it; the sentence says which.
    """
    try:
        descriptor = _open_and_lock(folder / LOCK_FILE)
    except InnerEyeError:
        if_held()
        raise
    try:
        holder = f"process {os.getpid()} on {socket.gethostname()} since {datetime.now():%F %T}"
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _open_and_lock(path: Path) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            # A lock of lockf belongs to the process: unlike one of flock, workers that outlive a
            # killed training for some seconds do not inherit it.
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace") or "another process"
            os.close(descriptor)
            raise InnerEyeError(
                f"{path.parent.parent} is being trained by {holder}. Wait for it or end it, then "
                "call again: the training continues from its last recovery checkpoint."
            ) from None
        if _is_same_file(descriptor, path):
            return descriptor
        # The holder before us finished and removed the folder between our two calls.
        os.close(descriptor)


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
