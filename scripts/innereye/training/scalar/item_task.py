"""What does a classification or regression learn? Items of a table, by a network for numbers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.scalar_shape import default_architecture, scalar_shape
from innereye.configs.stages.scalar_train import ScalarTrainSettings
from innereye.data.scalar.class_balance import (
    log_counts,
    sampling_probabilities,
    stacked_labels,
)
from innereye.data.scalar.items import Item
from innereye.losses.scalar.binary_cross_entropy import positive_weights
from innereye.losses.scalar.build import CUSTOM, build_scalar_loss
from innereye.metrics.scalar.epoch_row import epoch_columns
from innereye.models.scalar.label_scale import label_moments, set_label_scale
from innereye.models.scalar.own_network import network_of
from innereye.models.scalar.posteriors import output_function
from innereye.models.scalar.pretrained import load_encoder
from innereye.names import Split
from innereye.scalar_names import ScalarLoss
from innereye.training.checkpoint_file import load_checkpoint
from innereye.training.optimizers import build_optimizer
from innereye.training.processes import Processes
from innereye.training.random_draws import Draws
from innereye.training.scalar.item_batch import collate_items
from innereye.training.scalar.item_changes import changes_of
from innereye.training.scalar.item_dataset import ItemDataset
from innereye.training.scalar.item_metrics import OutputSums, named_item_metrics
from innereye.training.scalar.item_store import StoredItem
from innereye.training.scalar.item_training import ItemTraining
from innereye.training.scalar.training_items import TrainingItems
from innereye.training.schedule import learning_rate
from innereye.training.settings_slice import arguments_for
from innereye.training.task import Task


def item_task(
    stored: Mapping[Split, Sequence[StoredItem]],
    data: TrainingItems,
    *,
    settings: ScalarTrainSettings,
    model: ScalarModelBase,
    draws: Draws,
) -> Task:
    """Return the task of a scalar model; `model` is asked for its hooks alone."""
    datasets = {
        split: ItemDataset(stored[split], transform=changes_of(model, settings, split), draws=draws)
        for split in (Split.TRAIN, Split.VAL)
    }
    counts = {split: len(members) for split, members in stored.items()}
    labels = stacked_labels(data.items[Split.TRAIN], len(settings.class_names))
    return Task(
        subjects=counts,
        datasets=datasets,
        lengths=counts,
        collate=collate_items,
        make_module=partial(_module, settings, model, data, draws),
        columns=lambda with_rate: epoch_columns(
            settings.targets,
            is_classification=not settings.is_regression,
            with_learning_rate=with_rate,
        ),
        named=named_item_metrics,
        network=settings.architecture or default_architecture(settings.number_of_images),
        units="items",
        chances=(
            sampling_probabilities(labels) if settings.use_imbalanced_sampler_for_training else None
        ),
    )


def log_labels(items: Mapping[Split, Sequence[Item]], settings: ScalarTrainSettings) -> None:
    """Say how often each label occurs in each split, and warn of a target with one class only."""
    if settings.is_regression:
        return
    for split, members in items.items():
        labels = stacked_labels(members, len(settings.class_names))
        log_counts(labels, settings.targets, split)


def build_item_network(
    settings: ScalarTrainSettings, model: ScalarModelBase, data: TrainingItems, seed: int
) -> nn.Module:
    """Return the network with weights drawn from a seed, its encoder's from a file where one is named.

    Raises:
        InnerEyeError: the numbers do not fit the images, or the file does not fit the encoder.
    """
    shape = scalar_shape(
        settings,
        num_features=data.inputs.num_features(data.layout),
        image_size=data.inputs.image_size,
        num_image_channels=data.inputs.num_image_channels,
    )
    network = network_of(model.create_model, shape, is_own=model.makes_own_network, seed=seed)
    place = settings.pretrained_encoder
    if place is not None:
        encoder = network.get_submodule("encoder")
        load_encoder(encoder, load_checkpoint(place), source=str(place))
    labels = stacked_labels(data.items[Split.TRAIN], len(settings.class_names))
    if settings.is_regression:
        set_label_scale(network, torch.from_numpy(labels))
    return network


def _module(
    settings: ScalarTrainSettings,
    model: ScalarModelBase,
    data: TrainingItems,
    draws: Draws,
    processes: Processes,
) -> ItemTraining:
    return ItemTraining(
        build_item_network(settings, model, data, draws.weights_seed),
        loss=_loss(settings, model, data.items[Split.TRAIN]),
        make_sums=partial(_sums, settings, model),
        inputs=data.inputs,
        draws=draws,
        make_optimizer=partial(build_optimizer, **arguments_for(build_optimizer, settings)),
        learning_rate=partial(learning_rate, **arguments_for(learning_rate, settings)),
        processes=processes,
        gradient_clip_norm=settings.gradient_clip_norm,
        ema_decay=settings.ema_decay,
    )


def _sums(settings: ScalarTrainSettings, model: ScalarModelBase) -> OutputSums:
    own = model.get_post_loss_logits_normalization_function()
    return OutputSums(
        settings.targets,
        is_classification=not settings.is_regression,
        to_results=output_function(
            own, is_regression=settings.is_regression, is_exclusive=settings.is_exclusive
        ),
        has_logits=own is None and not settings.is_exclusive,
    )


def _loss(
    settings: ScalarTrainSettings, model: ScalarModelBase, train: Sequence[Item]
) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the model's own loss, or that of the settings, weighted by the labels of Train."""
    own: Any = model.get_loss_function()
    if own is not None and settings.loss_type in CUSTOM:
        return own
    labels = torch.from_numpy(stacked_labels(train, len(settings.class_names)))
    is_weighted = settings.loss_type == ScalarLoss.WEIGHTED_CROSS_ENTROPY
    return build_scalar_loss(
        loss_type=settings.loss_type,
        num_targets=len(settings.class_names),
        positive_weights=positive_weights(labels).tolist() if is_weighted else None,
        label_std=label_moments(labels)[1].tolist() if settings.is_regression else None,
        label_smoothing_eps=settings.label_smoothing_eps,
    )
