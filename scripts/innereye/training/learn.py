"""How does a task become checkpoints and metrics? Recovery, the work of all processes, the results."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from innereye.configs.stages.training_fields import TrainingFields
from innereye.errors import ConfigError, DatasetError
from innereye.names import AZUREML_RECOVERY
from innereye.training.fit import TrainingRun
from innereye.training.place import Place
from innereye.training.processes import Processes
from innereye.training.recovery import Recovery, open_recovery
from innereye.training.recovery_copy import RecoveryCopy, copy_of
from innereye.training.task import Task
from innereye.training.warm_start import Start


def learn(
    prepare: Callable[[Recovery], Task],
    *,
    processes: Processes,
    run_folder: Path,
    log_folder: Path,
    fold: int,
    settings: TrainingFields,
    fingerprint: str,
    start: Start,
) -> None:
    """Train the network of a task and write its outputs into the run folder, all at the end.

    `prepare` puts the data of the task into the recovery folder of a node, once; other processes of
    the node find it there. A killed call continues when made again with the same `fingerprint`.

    Raises:
        InnerEyeError: data cannot be used, the loss is not finite, or another process trains in the
            run folder.
    """
    key = f"{fingerprint} {start.fingerprint}".rstrip()
    with _recovery(processes.place, run_folder, key) as (recovery, copy):
        first = prepare(recovery) if processes.place.leads_node else None
        processes.wait()
        task = first or prepare(recovery)
        run = TrainingRun(recovery, copy, task, fold, settings, log_folder, start, processes)
        run.finish()
        processes.wait()
        if processes.place.leads_node:
            recovery.publish(run.kept.test_epochs)


def require_a_batch(
    samples: int, settings: TrainingFields, num_processes: int, *, units: str
) -> None:
    """Refuse a Train that gives no step: `samples` of an epoch, crops or items.

    Raises:
        DatasetError: there is none.
        ConfigError: there is none but one that drop_last_batch_in_training leaves out.
    """
    batch_size = settings.train_batch_size * num_processes
    if not samples:
        raise DatasetError("The split Train has no subjects; at least one is needed.")
    if settings.drop_last_batch_in_training and samples < batch_size:
        each = f" for each of {num_processes} processes" if num_processes > 1 else ""
        raise ConfigError(
            f"drop_last_batch_in_training leaves nothing to train with: an epoch has {samples} {units}, "
            f"train_batch_size is {settings.train_batch_size}{each}."
        )


@contextmanager
def _recovery(
    place: Place, run_folder: Path, fingerprint: str
) -> Iterator[tuple[Recovery, RecoveryCopy | None]]:
    """Give the recovery folder, held by the first process of the node, and its copy, if there is one."""
    if not place.leads_node:
        yield Recovery(run_folder), None
        return
    copy = copy_of(os.environ.get(AZUREML_RECOVERY), fingerprint)
    with open_recovery(run_folder, fingerprint) as recovery:
        if copy is not None:
            copy.restore(recovery)
        yield recovery, copy
