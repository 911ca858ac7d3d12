"""How does a network learn from a data set? From two tables of subjects to checkpoints and metrics."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from innereye.configs.stages.train import TrainSettings
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.errors import ConfigError
from innereye.names import Split
from innereye.training.crop_store import Preparation, StoredSubject, fill_store
from innereye.training.learn import learn, require_a_batch
from innereye.training.optimizers import build_optimizer
from innereye.training.processes import together
from innereye.training.random_draws import Draws
from innereye.training.recovery import Recovery
from innereye.training.segmentation_task import build_network, segmentation_task
from innereye.training.settings_slice import arguments_for
from innereye.training.task import Task
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
        learn(
            partial(_task, subjects=subjects, settings=settings, fold=fold),
            processes=processes,
            run_folder=run_folder,
            log_folder=log_folder,
            fold=fold,
            settings=settings,
            fingerprint=fingerprint,
            start=_start(initial_checkpoint, settings),
        )


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
    crops = len(subjects[Split.TRAIN]) * settings.crops_per_subject
    require_a_batch(crops, settings, num_processes, units="crops")
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


def _task(
    recovery: Recovery,
    *,
    subjects: Mapping[Split, Sequence[Subject]],
    settings: TrainSettings,
    fold: int,
) -> Task:
    """Return the task, once the images of its subjects are stored."""
    stored = _prepare(recovery, subjects, settings)
    return segmentation_task(stored, settings, Draws(settings.random_seed, fold))


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
