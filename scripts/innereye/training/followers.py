"""How do the processes of a node's further GPUs start, and how does none outlive the others?"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from innereye.errors import InnerEyeError
from innereye.training.place import Place

logger = logging.getLogger(__name__)

FAILED = 1


@contextmanager
def started(places: Sequence[Place]) -> Iterator[None]:
    """Run this very command once more for each place; at the end, wait for these processes.

    When one of them fails, this process ends at once: it may hang in a step that needs them all.

    Raises:
        InnerEyeError: one of them failed at the end.
    """
    followers = [_start(place) for place in places]
    is_over = threading.Event()
    for follower in followers:
        threading.Thread(target=_end_with, args=(follower, is_over), daemon=True).start()
    try:
        yield
        is_over.set()
        failed = [follower for follower in followers if follower.wait()]
    finally:
        is_over.set()
        for follower in followers:
            follower.kill()
            follower.wait()
    if failed:
        raise InnerEyeError(_sentence(failed[0]))


def end_with_leader() -> None:
    """End this process as soon as the one that started it has ended, however it ended."""
    threading.Thread(target=_end_when_input_ends, daemon=True).start()


def _start(place: Place) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *sys.orig_argv[1:]],
        env={**os.environ, **place.variables()},
        # Nothing is ever written: the operating system closes it when this process ends.
        stdin=subprocess.PIPE,
    )


def _end_with(follower: subprocess.Popen[bytes], is_over: threading.Event) -> None:
    if follower.wait() and not is_over.is_set():
        logger.error("%s", _sentence(follower))
        # No exception ends a thread that waits for a GPU; the operating system frees all locks.
        os._exit(FAILED)


def _end_when_input_ends() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(FAILED)


def _sentence(follower: subprocess.Popen[bytes]) -> str:
    return (
        f"A process that trains on another GPU of this machine ended with status {follower.returncode}; "
        "its own message stands above. The same command continues."
    )
