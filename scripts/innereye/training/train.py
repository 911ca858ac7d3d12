"""How does a network learn from a data set? From two tables of subjects to checkpoints and metrics."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from innereye.configs.stages.train import TrainSettings
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.errors import ConfigError, DatasetError
from innereye.names import AZUREML_RECOVERY, Split
from innereye.training.crop_store import Preparation, StoredSubject, fill_store
from innereye.training.fit import TrainingRun, build_network
from innereye.training.optimizers import build_optimizer
from innereye.training.place import Place
from innereye.training.processes import Processes, together
from innereye.training.recovery import Recovery, open_recovery
from innereye.training.recovery_copy import RecoveryCopy, copy_of
from innereye.training.settings_slice import arguments_for
from innereye.training.warm_start import Start, start_from


def train(
    *,
    train_csv: Path,
    val_csv: Path,
    run_folder: Path,
    log_folder: Path,
    fold: int,
    settings: TrainSettings,
    fingerprint: str,
    initial_checkpoint: Path | None = None,
    check: Callable[[], object] = bool,
) -> None:
    """Train a network and write its outputs into the run folder, all at the end.

    These are checkpoints/epoch_NNN.ckpt for each test epoch, checkpoints/last.ckpt and
    {Train,Val}/epoch_metrics.csv. A killed call continues when made again with the same
    `fingerprint`, which stands for all that decides the result. `fold` is -1 for none. The training
    goes on after the last epoch of `initial_checkpoint`, which another one has left. Each node
    calls `check` before it reads the data; `bool` does nothing.

    Raises:
        InnerEyeError: settings or data cannot be used, the loss is not finite, or another process
            trains in the run folder.
    """
    with together(num_nodes=settings.num_nodes, max_num_gpus=settings.max_num_gpus) as processes:
        if processes.place.leads_node:
            check()
        subjects = _read_splits(train_csv, val_csv, settings, processes.place.size)
        start = _start(initial_checkpoint, settings)
        key = f"{fingerprint} {start.fingerprint}".rstrip()
        with _recovery(processes.place, run_folder, key) as (recovery, copy):
            stored = _prepare_together(processes, recovery, subjects, settings)
            run = TrainingRun(recovery, copy, stored, fold, settings, log_folder, start, processes)
            run.finish()
            processes.wait()
            if processes.place.leads_node:
                recovery.publish(run.kept.test_epochs)


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


def _start(initial_checkpoint: Path | None, settings: TrainSettings) -> Start:
    if initial_checkpoint is None:
        return Start()
    network = build_network(settings, seed=0)
    return start_from(
        initial_checkpoint,
        network=network,
        optimizer=build_optimizer(network.parameters(), **arguments_for(build_optimizer, settings)),
        num_epochs=settings.num_epochs,
        test_epochs=settings.test_epochs or [],
        structures=settings.ground_truth_ids,
    )


def _read_splits(
    train_csv: Path, val_csv: Path, settings: TrainSettings, num_processes: int
) -> dict[Split, list[Subject]]:
    subjects = {
        Split.TRAIN: _read_split(train_csv, settings),
        Split.VAL: _read_split(val_csv, settings),
    }
    _require_a_batch(len(subjects[Split.TRAIN]), settings, num_processes)
    return subjects


def _read_split(csv_path: Path, settings: TrainSettings) -> list[Subject]:
    if settings.local_dataset is None:
        raise ConfigError("local_dataset is not set; it names the folder of the data set.")
    frame = read_dataset(csv_path)
    if frame.empty:
        return []
    return read_subjects(
        frame,
        root=Path(settings.local_dataset),
        image_channels=settings.image_channels,
        ground_truth_ids=settings.ground_truth_ids,
        mask_id=settings.mask_id,
        masks_required=not settings.allow_incomplete_labels,
        extra_folders=settings.extra_local_dataset_paths,
    )


def _require_a_batch(num_subjects: int, settings: TrainSettings, num_processes: int) -> None:
    crops = num_subjects * settings.crops_per_subject
    batch_size = settings.train_batch_size * num_processes
    if not crops:
        raise DatasetError("The split Train has no subjects; at least one is needed.")
    if settings.drop_last_batch_in_training and crops < batch_size:
        each = f" for each of {num_processes} processes" if num_processes > 1 else ""
        raise ConfigError(
            f"drop_last_batch_in_training leaves nothing to train with: an epoch has {crops} crops, "
            f"train_batch_size is {settings.train_batch_size}{each}."
        )


def _prepare_together(
    processes: Processes,
    recovery: Recovery,
    subjects: Mapping[Split, Sequence[Subject]],
    settings: TrainSettings,
) -> dict[Split, list[StoredSubject]]:
    """Fill the store of each node; the other processes of the node find it full."""
    stored = _prepare(recovery, subjects, settings) if processes.place.leads_node else None
    processes.wait()
    return stored or _prepare(recovery, subjects, settings)


def _prepare(
    recovery: Recovery, subjects: Mapping[Split, Sequence[Subject]], settings: TrainSettings
) -> dict[Split, list[StoredSubject]]:
    preparation = Preparation(
        normalisation=Normalisation(**arguments_for(Normalisation, settings)),
        crop_size=settings.crop_size,
        padding_mode=settings.padding_mode,
        resample_spacing_zyx_mm=settings.resample_spacing_zyx_mm,
    )
    return {
        split: fill_store(
            recovery.crops / split,
            members,
            preparation=preparation,
            num_workers=settings.num_dataload_workers,
        )
        for split, members in subjects.items()
    }
