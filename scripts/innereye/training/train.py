"""How does a network learn from a data set? From two tables of subjects to checkpoints and metrics."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.configs.stages.train import TrainSettings
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.data.normalisation import Normalisation
from innereye.errors import ConfigError, DatasetError
from innereye.names import Split
from innereye.training.crop_store import Preparation, StoredSubject, fill_store
from innereye.training.device import computing_with
from innereye.training.epoch_end import KeptEpochs
from innereye.training.fit import TrainingRun
from innereye.training.random_draws import Draws
from innereye.training.recovery import Recovery, open_recovery
from innereye.training.settings_slice import arguments_for


def train(
    *,
    train_csv: Path,
    val_csv: Path,
    run_folder: Path,
    log_folder: Path,
    fold: int,
    settings: TrainSettings,
    fingerprint: str,
) -> None:
    """Train a network and write its outputs into the run folder, all at the end.

    These are checkpoints/epoch_NNN.ckpt for each test epoch, checkpoints/last.ckpt and
    {Train,Val}/epoch_metrics.csv. A killed call continues when made again with the same
    `fingerprint`, which stands for all that decides the result. `fold` is -1 for none.

    Raises:
        InnerEyeError: the settings or the data cannot be used, the loss is not finite, or another
            process trains in the run folder.
    """
    subjects = {
        Split.TRAIN: _read_split(train_csv, settings),
        Split.VAL: _read_split(val_csv, settings),
    }
    _require_a_batch(len(subjects[Split.TRAIN]), settings)
    test_epochs = settings.test_epochs or [settings.num_epochs]
    autosave_every = settings.autosave_every_n_val_epochs
    with (
        open_recovery(run_folder, fingerprint) as recovery,
        computing_with(settings.num_cpu_threads),
    ):
        TrainingRun(
            recovery=recovery,
            subjects=_prepare(recovery, subjects, settings),
            draws=Draws(settings.random_seed, fold),
            kept=KeptEpochs(settings.num_epochs, test_epochs, autosave_every),
            settings=settings,
            log_folder=log_folder,
        ).finish()
        recovery.publish(test_epochs)


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
    )


def _require_a_batch(num_subjects: int, settings: TrainSettings) -> None:
    crops = num_subjects * settings.crops_per_subject
    if not crops:
        raise DatasetError("The split Train has no subjects; at least one is needed.")
    if settings.drop_last_batch_in_training and crops < settings.train_batch_size:
        raise ConfigError(
            f"drop_last_batch_in_training leaves nothing to train with: an epoch has {crops} crops, "
            f"train_batch_size is {settings.train_batch_size}."
        )


def _prepare(
    recovery: Recovery, subjects: Mapping[Split, Sequence[Subject]], settings: TrainSettings
) -> dict[Split, list[StoredSubject]]:
    preparation = Preparation(
        normalisation=Normalisation(**arguments_for(Normalisation, settings)),
        crop_size=settings.crop_size,
        padding_mode=settings.padding_mode,
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
