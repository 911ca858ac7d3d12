"""What does a network, or an ensemble, say of each subject of a split? Posteriors, or values."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.stages.classify import ClassifySettings
from innereye.data.scalar.item_files import ItemFiles, item_files
from innereye.data.scalar.items import Item
from innereye.data.scalar.model_layout import layout_of_model
from innereye.data.scalar.read_split import read_split
from innereye.errors import CheckpointError
from innereye.inference.found_checkpoints import checkpoints_of
from innereye.inference.scalar.item_network import ItemNetwork, load_item_network
from innereye.metrics.scalar.columns import MODEL_OUTPUTS_CSV
from innereye.metrics.scalar.result_files import write_results
from innereye.metrics.scalar.result_tables import (
    ScalarOutputs,
    inference_metrics_table,
    model_outputs_table,
)
from innereye.models.device import claimed_device
from innereye.models.scalar.posteriors import OutputFunction, output_function
from innereye.names import METRICS_CSV, Split
from innereye.transforms.scalar.item_transform import ItemTransform, item_transform

logger = logging.getLogger(__name__)

# Random changes belong to the training: its images are looked at as those of Val.
TRANSFORM_OF = {Split.TRAIN: Split.VAL, Split.VAL: Split.VAL, Split.TEST: Split.TEST}
# A transform at inference that draws all the same draws the same for each call.
SEED = 0


@dataclass(frozen=True)
class Place:
    """Which results are made: of which split, epoch (counted from 1) and fold (-1 for none)."""

    split: Split
    epoch: int
    fold: int


def classify(
    *,
    checkpoints: Sequence[Path],
    split_csv: Path,
    output_folder: Path,
    place: Place,
    settings: ClassifySettings,
    model: ScalarModelBase,
) -> None:
    """Write metrics.csv and model_outputs.csv of a split, with a row for each subject and target.

    Several checkpoints, or a folder of several, are an ensemble: its output is the mean of what its
    members give. Subjects without a label have a row in model_outputs.csv alone; subjects without a
    feature or an image are named in the log and have none. `model` is asked for its hooks.

    Raises:
        InnerEyeError: a checkpoint, the table, an image or a hook cannot be used; no file then.
    """
    torch.set_num_threads(settings.num_cpu_threads)
    paths = [each for checkpoint in checkpoints for each in checkpoints_of(checkpoint)]
    if not paths:
        raise CheckpointError("There is no checkpoint to classify with; at least one is needed.")
    members = [load_item_network(path, settings, model) for path in paths]
    files = item_files(settings, settings, settings.local_dataset)
    with claimed_device(settings.max_num_gpus) as device:
        found = _outputs(members, split_csv, files, place.split, settings, model, device)
    write_results(output_folder / MODEL_OUTPUTS_CSV, model_outputs_table(found, fold=place.fold))
    metrics = inference_metrics_table(found, epoch=place.epoch, split=place.split, fold=place.fold)
    write_results(output_folder / METRICS_CSV, metrics)


def _outputs(
    members: Sequence[ItemNetwork],
    split_csv: Path,
    files: ItemFiles,
    split: Split,
    settings: ClassifySettings,
    model: ScalarModelBase,
    device: torch.device,
) -> ScalarOutputs:
    started = time.perf_counter()
    items = _items(members[0], split_csv, files, settings, model)
    transform = item_transform(
        model=type(model).__name__,
        image_hook=model.get_image_transform(),
        segmentation_hook=model.get_segmentation_transform(),
        split=TRANSFORM_OF[split],
    )
    to_results = output_function(
        model.get_post_loss_logits_normalization_function(),
        is_regression=settings.is_regression,
        is_exclusive=settings.is_exclusive,
    )
    for member in members:
        member.network.to(device)
    rows = [_joint(members, item, files, transform, to_results, device) for item in items]
    shape = (len(items), len(settings.targets))
    seconds = time.perf_counter() - started
    logger.info("%d subjects in %.1f s on %s.", len(items), seconds, device)
    return ScalarOutputs(
        subjects=[item.subject for item in items],
        targets=settings.targets,
        labels=np.array([item.label for item in items], np.float64).reshape(shape),
        outputs=np.array(rows, np.float64).reshape(shape),
    )


def _items(
    member: ItemNetwork,
    split_csv: Path,
    files: ItemFiles,
    settings: ClassifySettings,
    model: ScalarModelBase,
) -> list[Item]:
    """Return the items of the split, with or without a label; all members know the same categories."""
    items = read_split(
        split_csv,
        layout_of_model(settings, model),
        root=files.root,
        encoder=member.inputs.space.encoder,
        labels_required=False,
    )
    if not items:
        logger.info("%s has no subjects; there is nothing to classify.", split_csv)
    return items


@torch.inference_mode()
def _joint(
    members: Sequence[ItemNetwork],
    item: Item,
    files: ItemFiles,
    transform: ItemTransform,
    to_results: OutputFunction,
    device: torch.device,
) -> np.ndarray:
    """Return the mean output of the members for an item, (T,)."""
    images, segmentations = files.images(item), files.segmentations(item)
    changed: tuple[Tensor | None, Tensor | None] = (None, None)
    if images is not None:
        changed = transform(images, segmentations, seed=SEED)
    batch = [None if each is None else each[None].to(device) for each in changed]
    found = [
        to_results(member.network(batch[0], _features(member, item, device), batch[1]).float())
        for member in members
    ]
    return torch.stack(found).mean(dim=0)[0].cpu().numpy()


def _features(member: ItemNetwork, item: Item, device: torch.device) -> Tensor | None:
    """Return the features (1, F) as the member has them, scaled by the statistics of its own Train."""
    (scaled,) = member.inputs.space.scaled([item])
    features = np.concatenate([scaled.numerical, scaled.categorical]).astype(np.float32)
    return torch.from_numpy(features)[None].to(device) if len(features) else None
