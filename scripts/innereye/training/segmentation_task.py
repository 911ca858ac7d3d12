"""What does a segmentation learn? Crops of stored subjects, by a network for voxels."""

from collections.abc import Mapping, Sequence
from functools import partial

from torch import nn

from innereye.configs.stages.train import TrainSettings
from innereye.losses.build import build_loss
from innereye.models.build import build_model
from innereye.names import Split
from innereye.training.augmentation import Augmentation
from innereye.training.crop_batch import collate
from innereye.training.crop_dataset import CropDataset
from innereye.training.crop_store import StoredSubject
from innereye.training.epoch_metrics import columns, named_metrics
from innereye.training.lightning_module import SegmentationTraining
from innereye.training.optimizers import build_optimizer
from innereye.training.processes import Processes
from innereye.training.random_draws import Draws
from innereye.training.schedule import learning_rate
from innereye.training.settings_slice import arguments_for
from innereye.training.task import Task


def segmentation_task(
    subjects: Mapping[Split, Sequence[StoredSubject]], settings: TrainSettings, draws: Draws
) -> Task:
    """Return the task of a segmentation; without an augmentation crops are those of validation."""
    crops = partial(
        CropDataset,
        crop_size=settings.crop_size,
        class_weights=settings.class_weights,
        draws=draws,
    )
    train = crops(
        subjects[Split.TRAIN],
        crops_per_subject=settings.crops_per_subject,
        augmentation=_augmentation(settings),
    )
    datasets = {Split.TRAIN: train, Split.VAL: crops(subjects[Split.VAL])}
    return Task(
        subjects={split: len(members) for split, members in subjects.items()},
        datasets=datasets,
        lengths={split: len(dataset) for split, dataset in datasets.items()},
        collate=collate,
        make_module=partial(_module, settings, draws.weights_seed),
        columns=lambda with_rate: columns(settings.ground_truth_ids, with_learning_rate=with_rate),
        named=partial(named_metrics, structures=settings.ground_truth_ids),
        network=settings.architecture,
        units="crops",
    )


def build_network(settings: TrainSettings, seed: int) -> nn.Module:
    """Return the network of the settings with weights drawn from a seed."""
    return build_model(
        **arguments_for(build_model, settings),
        input_channels=len(settings.image_channels),
        num_classes=1 + len(settings.ground_truth_ids),
        seed=seed,
    )


def _augmentation(settings: TrainSettings) -> Augmentation:
    return Augmentation(**arguments_for(Augmentation, settings))


def _module(settings: TrainSettings, seed: int, processes: Processes) -> SegmentationTraining:
    return SegmentationTraining(
        build_network(settings, seed),
        num_structures=len(settings.ground_truth_ids),
        loss=build_loss(**arguments_for(build_loss, settings)),
        augmentation=_augmentation(settings),
        make_optimizer=partial(build_optimizer, **arguments_for(build_optimizer, settings)),
        learning_rate=partial(learning_rate, **arguments_for(learning_rate, settings)),
        processes=processes,
        center_size=settings.center_size,
        gradient_clip_norm=settings.gradient_clip_norm,
        ema_decay=settings.ema_decay,
    )
