"""What is a model, what does it take and give, how was it trained? Facts of a model card."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from innereye.configs.fields.inference import InferenceFields, PostProcessingFields
from innereye.configs.fields.network import NetworkFields
from innereye.configs.fields.optimizer import LossFields, OptimizerFields
from innereye.configs.fields.structures import StructureFields
from innereye.configs.fields.training import (
    AugmentationFields,
    CropFields,
    PaddingFields,
    TrainerFields,
)
from innereye.configs.stages.card import CardSettings
from innereye.data.normalisation import Normalisation
from innereye.metrics.columns import values_of
from innereye.names import Split
from innereye.reports.epoch_tables import AVERAGE, EPOCH, LOSS
from innereye.reports.markdown import bullets, escaped, table
from innereye.reports.normalisation_facts import facts_of, in_words
from innereye.reports.score_tables import NOTHING

EpochTables = Mapping[Split, pd.DataFrame]

OF_TRAINING = (
    *(NetworkFields, CropFields, PaddingFields, AugmentationFields),
    *(LossFields, OptimizerFields, TrainerFields),
)
OF_INFERENCE = (InferenceFields, PostProcessingFields, StructureFields)
# Listed whatever their values; other fields only where they are not the default.
ALWAYS = frozenset(
    {
        *("architecture", "feature_channels", "crop_size", "train_batch_size"),
        *("crops_per_subject", "loss_type", "optimizer_type", "l_rate", "l_rate_scheduler"),
        *("num_epochs", "random_seed", "test_crop_size", "inference_stride_size"),
        *("inference_blending",),
    }
)
EPOCH_COLUMNS = ("Epoch", "Loss, Train", "Loss, Val", "Dice on crops, Train", "Dice on crops, Val")


def version_rows(
    git: Mapping[str, Any], versions: Mapping[str, str], *, code: str
) -> list[tuple[str, str]]:
    """Return the state of the code, its fingerprints, and versions of libraries."""
    return [
        ("Code", git_in_words(git)),
        ("Fingerprints of the code", code),
        ("Software", ", ".join(f"{name} {version}" for name, version in versions.items())),
    ]


def git_in_words(git: Mapping[str, Any]) -> str:
    """Return commit and branch, and whether files were edited; or that there was no checkout."""
    if not git["source_id"]:
        return "no git checkout"
    edited = ", with changes that are not committed" if git["source_dirty"] else ""
    return f"commit {git['source_id']} of the branch {git['source_branch']}{edited}"


def input_and_output(
    settings: CardSettings,
    *,
    expected_spacing_xyz: str,
    spacings_zyx_mm: Sequence[Sequence[float]],
) -> str:
    """Return what the model takes and gives: channels, grey values, spacing, window, structures."""
    normalisation = Normalisation(
        **{name: getattr(settings, name) for name in Normalisation.__dataclass_fields__}
    )
    (_, method), *parameters = facts_of(normalisation)
    shown = "; ".join(f"{name} {value}" for name, value in parameters)
    mask = f", inside the region {escaped(settings.mask_id)}" if settings.mask_id else ""
    window = settings.test_crop_size or settings.crop_size
    structures = [f"{label} {name}" for label, name in enumerate(settings.ground_truth_ids, 1)]
    return bullets(
        [
            f"Channels, in this order: {_names(settings.image_channels)}{mask}.",
            f"Grey values: norm_method {method}{f' ({shown})' if shown else ''}.",
            *spacing_sentences(settings, expected_spacing_xyz, spacings_zyx_mm),
            f"Window that slides over the image: {in_words(window)} voxels (z, y, x).",
            "Gives, in the geometry of the image: a label map with 0 background, "
            f"{_names(structures)}; a mask and a posterior of each structure, and the uncertainty.",
        ]
    )


def spacing_sentences(
    settings: CardSettings,
    expected_xyz: str,
    spacings_zyx_mm: Sequence[Sequence[float]],
) -> list[str]:
    """Say to which spacing images are brought, which is demanded, and which the scored images had."""
    resampled = settings.resample_spacing_zyx_mm
    sentences = [
        f"Images of any spacing are resampled to {in_words(resampled)} mm (z, y, x)."
        if resampled
        else "Images are not resampled: the model sees the voxels as they are."
    ]
    if expected_xyz and not resampled:
        sentences.append(f"Images must have a spacing of {expected_xyz} mm (x, y, z).")
    if spacings_zyx_mm:
        lowest = [min(axis) for axis in zip(*spacings_zyx_mm, strict=True)]
        highest = [max(axis) for axis in zip(*spacings_zyx_mm, strict=True)]
        ends = f"{in_words(lowest)} mm (z, y, x)"
        if in_words(highest) != in_words(lowest):
            ends = f"from {in_words(lowest)} to {in_words(highest)} mm (z, y, x), axis by axis"
        sentences.append(f"Spacing of the images that were scored: {ends}.")
    return sentences


def settings_table(settings: CardSettings, groups: Sequence[type]) -> str:
    """Return the fields of some groups by name: those that say most, and those not at their default."""
    names = [name for group in groups for name in group.model_fields]
    rows = [
        (name, in_words(getattr(settings, name)))
        for name in names
        if name in ALWAYS or getattr(settings, name) != default_of(name)
    ]
    return table(("Field", "Value"), rows, word_columns=2)


def default_of(name: str) -> Any:
    """Return the default of a field."""
    return CardSettings.model_fields[name].get_default(call_default_factory=True)


def epochs_table(tables: Mapping[str, EpochTables], *, epoch: int) -> str:
    """Return loss and Dice on crops in the reported and in the last epoch of each training.

    `tables`: the epoch metrics of each member by name; a single model has no name. Epochs count
    from 1.
    """
    has_names = any(tables)
    rows: list[tuple[str, ...]] = []
    for name, of_member in tables.items():
        train = of_member.get(Split.TRAIN)
        finished = [] if train is None else [int(index) + 1 for index in values_of(train, EPOCH)]
        for shown in sorted({epoch, max(finished, default=epoch)}):
            row = epoch_row(of_member, shown)
            rows.append((name, *row) if has_names else row)
    columns = ("Member", *EPOCH_COLUMNS) if has_names else EPOCH_COLUMNS
    return table(columns, rows, word_columns=int(has_names))


def epoch_row(tables: EpochTables, epoch: int) -> tuple[str, ...]:
    """Return an epoch, and loss and Dice of Train and of Val in it; a dash where not computed."""
    values = [
        _in_epoch(tables.get(split), epoch, column)
        for column in (LOSS, AVERAGE)
        for split in (Split.TRAIN, Split.VAL)
    ]
    return (str(epoch), *values)


def _in_epoch(frame: pd.DataFrame | None, epoch: int, column: str) -> str:
    if frame is None or column not in frame:
        return NOTHING
    pairs = zip(values_of(frame, EPOCH), values_of(frame, column), strict=True)
    found = [value for index, value in pairs if index == epoch - 1 and not math.isnan(value)]
    return f"{found[-1]:.3f}" if found else NOTHING


def _names(names: Sequence[str]) -> str:
    return ", ".join(escaped(name) for name in names)
