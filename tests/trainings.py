"""What do the tests of trainings in several processes share?"""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE_S = 120


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files but the logs, by their place in the folder."""
    paths = [path for path in folder.rglob("*") if path.is_file() and "logs" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


def finished_epochs(run_folder: Path) -> int:
    """Return how many epochs a running training has finished."""
    table = run_folder / "recovery" / "Train" / "epoch_metrics.csv"
    return table.read_text().count("\n") - 1 if table.is_file() else 0


def free_port() -> int:
    """Return a port of this machine that nothing listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def variables_of_nodes(num_nodes: int) -> list[dict[str, str]]:
    """Return the environment that a cluster gives each node of a job."""
    port = str(free_port())
    meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    return [{"NODE_RANK": str(node), **meeting} for node in range(num_nodes)]


def train_model(arguments: dict[str, Any], repository: Path, **variables: str) -> subprocess.Popen:
    """Start the script of the rule train_model on these arguments of `train`."""
    settings = arguments["settings"].model_dump_json()
    names = ("train_csv", "val_csv", "run_folder", "fold", "fingerprint", "initial_checkpoint")
    options = [f"--{name}={arguments[name]}" for name in names if name in arguments]
    options += [f"--settings={settings}", f"--log={arguments['log_folder']}/train_model.log"]
    return subprocess.Popen(
        [sys.executable, repository / "scripts" / "train_model.py", *options],
        env={**os.environ, "PYTHONPATH": str(repository / "scripts"), **variables},
        stderr=subprocess.PIPE,
        text=True,
    )


class Hold(logging.Handler):
    """Let a training wait for its end as soon as it has finished more than so many epochs."""

    def __init__(self, run_folder: Path, epochs: int):
        super().__init__()
        self._run_folder, self._epochs = run_folder, epochs

    def emit(self, record: logging.LogRecord) -> None:
        """Wait, if the time has come."""
        if finished_epochs(self._run_folder) > self._epochs:
            time.sleep(PATIENCE_S)


def train_with(
    arguments: dict[str, Any],
    variables: dict[str, str] | None = None,
    log: Path | None = None,
    hold_after: int | None = None,
) -> None:
    """Train in a process that has been started for it; messages go to a file."""
    from innereye.errors import InnerEyeError
    from innereye.training.train import train

    os.environ.update(variables or {})
    logging.basicConfig(level=logging.INFO, filename=log, format="%(message)s")
    if hold_after is not None:
        logging.getLogger("innereye").addHandler(Hold(arguments["run_folder"], hold_after))
    try:
        train(**arguments)
    except InnerEyeError as error:
        logging.error("%s", error)
        sys.exit(1)


def meet_with(fault: str, variables: dict[str, str], log: Path) -> None:
    """Meet another process, tell it a rank, a sum and perhaps a fault, and note what comes back."""
    import torch

    from innereye.errors import InnerEyeError
    from innereye.training.processes import together

    os.environ.update(variables)
    with together(num_nodes=2, max_num_gpus=0) as processes:
        rank = processes.place.rank
        total = processes.total(torch.tensor([1.0, 10.0 * rank]))
        notes = [processes.gathered(f"rank {rank}"), total.tolist()]
        try:
            processes.raise_together(fault)
        except InnerEyeError as error:
            notes.append(str(error))
        log.write_text(json.dumps(notes))


def ends_of(processes: list[subprocess.Popen]) -> list[tuple[int, str]]:
    """Return the exit status and the messages of processes when all have ended."""
    messages = [process.communicate(timeout=PATIENCE_S)[1] for process in processes]
    return list(zip([process.returncode for process in processes], messages, strict=True))


def train_until_killed(
    processes: Any, arguments: dict[str, Any], epochs: int, variables: dict[str, str] | None = None
) -> None:
    """Train in a process of its own and kill it in the epoch after so many finished ones."""
    process = processes.Process(target=train_with, args=(arguments, variables, None, epochs))
    process.start()
    kill_after(process, arguments["run_folder"], epochs)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def kill_after(process: Any, run_folder: Path, epochs: int) -> None:
    """Kill a process when its training has finished so many epochs."""
    limit = time.monotonic() + PATIENCE_S
    while finished_epochs(run_folder) < epochs and time.monotonic() < limit:
        time.sleep(0.001)
    process.kill()
