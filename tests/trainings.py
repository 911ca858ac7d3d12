"""What do the tests of trainings in several processes share?"""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE_S = 120

# Moments at which a training dies.
ROW = "row"
CHECKPOINT = "checkpoint"


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


def die_after(epochs: int, run_folder: Path, moment: str) -> None:
    """Let this process kill itself as soon as a training has finished so many epochs.

    `moment` is ROW, when nothing of the last epoch is kept but its row, or CHECKPOINT, after its
    checkpoints. No clock decides, so that a busy machine cannot let the training finish before.
    """
    from innereye.training.epoch_end import EpochEnd
    from innereye.training.epoch_metrics import EpochMetricsTable

    owner, name = {ROW: (EpochMetricsTable, "append"), CHECKPOINT: (EpochEnd, "_log")}[moment]
    whole = getattr(owner, name)

    def dying(*args: Any, **kwargs: Any) -> None:
        whole(*args, **kwargs)
        if finished_epochs(run_folder) >= epochs:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)


def training_of(arguments: dict[str, Any]) -> Callable[..., None]:
    """Return what trains by these arguments: those of a scalar model have its class."""
    if "model" in arguments:
        from innereye.training.scalar.train import train_items

        return train_items
    from innereye.training.train import train

    return train


def train_with(
    arguments: dict[str, Any],
    variables: dict[str, str] | None = None,
    log: Path | None = None,
    dies_after: int | None = None,
    moment: str = ROW,
) -> None:
    """Train in a process that has been started for it; messages go to a file."""
    from innereye.errors import InnerEyeError

    os.environ.update(variables or {})
    logging.basicConfig(level=logging.INFO, filename=log, format="%(message)s")
    if dies_after is not None:
        die_after(dies_after, arguments["run_folder"], moment)
    try:
        training_of(arguments)(**arguments)
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
    processes: Any,
    arguments: dict[str, Any],
    epochs: int,
    variables: dict[str, str] | None = None,
    moment: str = ROW,
) -> None:
    """Train in a process of its own, which dies when it has finished so many epochs."""
    process = processes.Process(
        target=train_with, args=(arguments, variables, None, epochs, moment)
    )
    process.start()
    process.join(PATIENCE_S)
    assert process.exitcode == -signal.SIGKILL
