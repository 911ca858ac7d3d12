"""Does no process of a node outlive the others? With real processes, without torch."""

import os
import subprocess
import sys
import time

import pytest

PATIENCE_S = 60
SCRIPT = """
import logging, os, sys, time
from innereye.errors import InnerEyeError
from innereye.training.followers import end_with_leader, started
from innereye.training.place import Place, is_follower, place_of_follower

logging.basicConfig(format="%(message)s")
if is_follower(os.environ):
    end_with_leader()
    place = place_of_follower(os.environ)
    # One call of the system: a process that is ended meanwhile leaves a whole line or none.
    os.write(1, f"{{place.local_rank}} {{os.getpid()}}\\n".encode())
    {follower}
    sys.exit()
try:
    with started(Place(per_node=3).followers(1)):
        {leader}
except InnerEyeError as error:
    sys.exit(str(error))
print("leader is done", flush=True)
"""


@pytest.fixture
def run(repository):
    """Return a function that starts a leader, of which two followers run the same command."""

    def start(*, leader: str = "pass", follower: str = "pass") -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", SCRIPT.format(leader=leader, follower=follower)],
            env={**os.environ, "PYTHONPATH": str(repository / "scripts")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_leader_waits_for_all_at_the_end(run):
    output, messages = run(follower="time.sleep(0.2)").communicate(timeout=PATIENCE_S)
    lines = output.splitlines()
    assert sorted(line[0] for line in lines[:2]) == ["1", "2"]
    assert (lines[2:], messages) == (["leader is done"], "")


@pytest.mark.parametrize("leader", ["pass", "time.sleep(600)"])
def test_a_follower_that_fails_ends_all(leader, run):
    follower = "time.sleep(600) if place.local_rank == 1 and 'sleep' in {!r} else sys.exit(3)"
    process = run(leader=leader, follower=follower.format(leader))
    output, messages = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "A process that trains on another GPU of this machine ended with status 3" in messages
    assert all_end(output)


def test_a_leader_that_fails_ends_its_followers(run):
    process = run(leader="time.sleep(0.5); 1 / 0", follower="time.sleep(600)")
    output, messages = process.communicate(timeout=PATIENCE_S)
    assert "ZeroDivisionError" in messages
    assert all_end(output)


def test_a_leader_that_is_killed_ends_its_followers(run):
    process = run(leader="time.sleep(600)", follower="time.sleep(600)")
    lines = [process.stdout.readline() for _ in range(2)]
    process.kill()
    process.communicate(timeout=PATIENCE_S)
    assert all_end("".join(lines))


def all_end(output: str) -> bool:
    """Do the processes that have named themselves end?"""
    pids = [int(line.split()[1]) for line in output.splitlines()]
    limit = time.monotonic() + PATIENCE_S
    while any(map(is_alive, pids)) and time.monotonic() < limit:
        time.sleep(0.01)
    return not any(map(is_alive, pids))
