"""Which run did which job get? A file that outlives the launcher, so that no run is lost or made twice.

Each job of the workflow has its tries, oldest first. A try is written down before its run is submitted:
a launcher that is killed at any moment finds its runs again.
"""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

FOLDER = Path(".snakemake/azureml")
RECORD_FILE = FOLDER / "runs.json"
RECORD_VERSION = 1


class State(StrEnum):
    """How far a try has come, as this machine knows it."""

    SUBMITTED = "submitted"
    """The run is about to be made, was made, or has ended without its results being here."""
    COLLECTED = "collected"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Try:
    """One run of a job. `key` stands for all that decides its result."""

    run_id: str
    experiment: str
    key: str
    state: State = State.SUBMITTED
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parent:
    """A run that holds others; `children` are the jobs that have a run below it, by child's name."""

    run_id: str
    experiment: str
    children: Mapping[str, str] = field(default_factory=dict)


class Record:
    """The tries and parents of a working directory; every change is on disk when a method returns."""

    def __init__(self, file: Path = RECORD_FILE) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._tries, self._parents = _read(file)

    def tries(self, job: str) -> list[Try]:
        """Return the tries of a job, oldest first."""
        with self._lock:
            return list(self._tries.get(job, []))

    def count(self, run_id: str) -> int:
        """Return how many tries have this id, or it with the suffix of a retry."""
        with self._lock:
            known = [each.run_id for tries in self._tries.values() for each in tries]
        return sum(each == run_id or each.startswith(f"{run_id}-r") for each in known)

    def add(self, job: str, new: Try) -> None:
        """Note a try that is about to be submitted."""
        with self._lock:
            self._tries.setdefault(job, []).append(new)
            self._write()

    def mark(self, run_id: str, state: State) -> None:
        """Note what became of a try."""
        with self._lock:
            for job, tries in self._tries.items():
                self._tries[job] = [
                    replace(each, state=state) if each.run_id == run_id else each for each in tries
                ]
            self._write()

    def parent(self, name: str) -> Parent | None:
        """Return the newest parent of a name."""
        with self._lock:
            known = self._parents.get(name)
            return known[-1] if known else None

    def set_parent(self, name: str, parent: Parent) -> None:
        """Note a parent: a new one, or one with another child."""
        with self._lock:
            known = self._parents.setdefault(name, [])
            if known and known[-1].run_id == parent.run_id:
                known.pop()
            known.append(parent)
            self._write()

    def run_of_file(self, path: str) -> Try | None:
        """Return the newest try whose results, with this file, have been fetched."""
        with self._lock:
            found = [
                each
                for tries in self._tries.values()
                for each in tries
                if each.state is State.COLLECTED and path in each.outputs
            ]
            return found[-1] if found else None

    def _write(self) -> None:
        content = {
            "version": RECORD_VERSION,
            "jobs": {job: [asdict(each) for each in tries] for job, tries in self._tries.items()},
            "parents": {
                name: [asdict(each) for each in known] for name, known in self._parents.items()
            },
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_suffix(".part")
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._file)


def _read(file: Path) -> tuple[dict[str, list[Try]], dict[str, list[Parent]]]:
    if not file.is_file():
        return {}, {}
    content = json.loads(file.read_text(encoding="utf-8"))
    tries = {
        job: [
            Try(**{**each, "state": State(each["state"]), "outputs": tuple(each["outputs"])})
            for each in known
        ]
        for job, known in content["jobs"].items()
    }
    parents = {
        name: [Parent(**each) for each in known] for name, known in content["parents"].items()
    }
    return tries, parents
