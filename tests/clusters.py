"""A working folder of a user who sends jobs to an emulated workspace, with snakemake as a real process."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from azureml_emulator import Emulator

# A job for each of two letters that reads an input, writes an undeclared sibling, and counts its runs.
SNAKEFILE = """
rule all:
    input: "outputs/all.txt"

rule prepare:
    output: "outputs/in.txt"
    localrule: True
    shell: "echo input > {output}"

rule costly:
    input: "outputs/in.txt"
    output: "outputs/{letter}/result.txt"
    log: "outputs/logs/{letter}.log"
    params: text="one"
    resources: gpu=1
    shell:
        "echo started > {log}; date +%s%N >> $COUNT_FOLDER/{wildcards.letter}; "
        "sleep $(cat $COUNT_FOLDER/seconds 2>/dev/null || echo 0); "
        "test ! -e $COUNT_FOLDER/fail_{wildcards.letter} || {{ echo it broke >&2; exit 1; }}; "
        "cp {input} {output}; echo volume > outputs/{wildcards.letter}/volume.nii"

rule collect:
    input: expand("outputs/{letter}/result.txt", letter=["a", "b"])
    output: "outputs/all.txt"
    localrule: True
    shell: "cat {input} > {output}"
"""


@dataclass(frozen=True)
class ClusterProject:
    """A small workflow in `folder` whose rule `costly` runs in the emulated workspace."""

    folder: Path
    emulator: Emulator

    def set_up(self, snakefile: str = SNAKEFILE) -> None:
        """Write the workflow."""
        self.folder.mkdir(exist_ok=True)
        self.counts.mkdir(exist_ok=True)
        (self.folder / "Snakefile").write_text(snakefile)
        (self.folder / "environment.yaml").write_text("dependencies: [python=3.11]\n")

    @property
    def counts(self) -> Path:
        """Folder beside the project in which jobs note that they have run."""
        return self.folder.with_name("counts")

    def times_run(self, letter: str) -> int:
        """Return how often the job of a letter has started."""
        file = self.counts / letter
        return len(file.read_text().splitlines()) if file.is_file() else 0

    def let_last(self, seconds: float) -> None:
        """Let jobs that start from now on take so long."""
        (self.counts / "seconds").write_text(str(seconds))

    def command(self, *arguments: str, cluster: str = "gpu-cluster") -> list[str]:
        """Return the command line of a call."""
        return [
            *(sys.executable, "-m", "snakemake", *arguments, "--executor", "azureml"),
            *("--jobs", "4", "--cores", "2", "--seconds-between-status-checks", "1"),
            *("--azureml-cluster", cluster, "--azureml-experiment", "tests"),
            *("--azureml-conda-file", "environment.yaml", "--envvars", "COUNT_FOLDER"),
        ]

    def environment(self) -> dict[str, str]:
        """Return the environment of a call."""
        return {**os.environ, "COUNT_FOLDER": str(self.counts), "PYTHONWARNINGS": "ignore"}

    def start(self, *arguments: str, **options: str) -> subprocess.Popen[str]:
        """Start a call in a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments, **options),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def run(self, *arguments: str, **options: str) -> tuple[int, str]:
        """Make a call; return its exit status and all that it printed."""
        process = self.start(*arguments, **options)
        printed, _ = process.communicate(timeout=300)
        return process.returncode, printed

    def succeed(self, *arguments: str, **options: str) -> str:
        """Make a call that must succeed."""
        status, printed = self.run(*arguments, **options)
        assert status == 0, printed[-6000:]
        return printed

    def fail(self, *arguments: str, **options: str) -> str:
        """Make a call that must fail, without a traceback of Python."""
        status, printed = self.run(*arguments, **options)
        assert status != 0, printed[-6000:]
        assert "Traceback (most recent call last)" not in printed, printed[-6000:]
        return printed

    def files(self) -> set[str]:
        """Return the files below outputs."""
        found = (self.folder / "outputs").rglob("*")
        return {path.relative_to(self.folder).as_posix() for path in found if path.is_file()}

    def run_ids(self) -> list[str]:
        """Return the ids of all runs of the workspace, oldest first."""
        return list(self.emulator.state.runs)

    def statuses(self) -> dict[str, str]:
        """Return the status of each run."""
        return {run_id: run["status"] for run_id, run in self.emulator.state.runs.items()}


def named_run_ids(printed: str) -> list[str]:
    """Return the ids of runs that a call has told of."""
    return re.findall(r"is run (\S+) of experiment", printed)


def wait_until(condition: Callable[[], object], timeout_s: float = 120) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("What was waited for did not come.")
        time.sleep(0.1)
