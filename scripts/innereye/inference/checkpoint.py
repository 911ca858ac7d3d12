"""Which network does a checkpoint hold, and is it the model's?"""

import logging
import pickle
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from innereye.configs.stages.export import ExportSettings
from innereye.configs.stages.segment import SegmentSettings
from innereye.errors import CheckpointError, list_faults
from innereye.models.build import build_model
from innereye.names import BACKGROUND

logger = logging.getLogger(__name__)

NetworkSettings = SegmentSettings | ExportSettings

STATE_DICT = "state_dict"
NETWORK_PREFIX = "model."
ZIP_START = b"PK\x03\x04"
NETWORK_FIELDS = (
    "architecture, feature_channels, kernel_size, num_downsampling_paths, normalisation_layer, "
    "num_residual_blocks and deep_supervision"
)


def load_network(checkpoint: Path, settings: NetworkSettings) -> torch.nn.Module:
    """Return the network of a checkpoint on the CPU, in eval mode.

    Raises:
        CheckpointError: the file is missing or damaged, or its weights do not fit the model.
    """
    weights = read_weights(checkpoint)
    network = build_network(settings)
    faults = misfits(
        weights,
        network.state_dict(),
        image_channels=settings.image_channels,
        class_names=[BACKGROUND, *settings.ground_truth_ids],
    )
    if faults:
        raise CheckpointError(list_faults(f"{checkpoint} does not fit the model:", faults))
    network.load_state_dict(weights, strict=True)
    logger.info("Loaded %d weights from %s.", sum(w.numel() for w in weights.values()), checkpoint)
    return network.eval()


def build_network(settings: NetworkSettings) -> torch.nn.Module:
    """Return the model's network with weights that are to be replaced."""
    return build_model(
        architecture=settings.architecture,
        input_channels=len(settings.image_channels),
        num_classes=len(settings.ground_truth_ids) + 1,
        feature_channels=settings.feature_channels,
        kernel_size=settings.kernel_size,
        num_downsampling_paths=settings.num_downsampling_paths,
        normalisation_layer=settings.normalisation_layer,
        num_residual_blocks=settings.num_residual_blocks,
        deep_supervision=settings.deep_supervision,
        seed=0,
    )


def read_weights(checkpoint: Path) -> dict[str, Tensor]:
    """Return the weights of a checkpoint's network, by name, without running code from the file.

    Raises:
        CheckpointError: the file is missing, damaged, no checkpoint, or has infinite weights.
    """
    return weights_of(read_checkpoint(checkpoint), checkpoint)


def read_checkpoint(checkpoint: Path) -> Mapping[str, Any]:
    """Return what a checkpoint holds, without running code from the file.

    Raises:
        CheckpointError: the file is missing, damaged, or no checkpoint.
    """
    content = _load(checkpoint)
    if not isinstance(content, Mapping) or not isinstance(content.get(STATE_DICT), Mapping):
        raise CheckpointError(
            f"{checkpoint} is no checkpoint of a training: it has no entry '{STATE_DICT}'."
        )
    return content


def weights_of(content: Mapping[str, Any], checkpoint: Path) -> dict[str, Tensor]:
    """Return the weights of the network of a checkpoint that was read, by name.

    Raises:
        CheckpointError: it has no network, or infinite weights.
    """
    state = content[STATE_DICT]
    weights = {
        name.removeprefix(NETWORK_PREFIX): value
        for name, value in state.items()
        if isinstance(name, str) and name.startswith(NETWORK_PREFIX) and isinstance(value, Tensor)
    }
    if not weights:
        examples = ", ".join(map(str, list(state)[:3])) or "none"
        raise CheckpointError(
            f"{checkpoint} has no network: no weight starts with '{NETWORK_PREFIX}'. "
            f"Its weights are: {examples}."
        )
    broken = [name for name, value in weights.items() if not torch.isfinite(value).all()]
    if broken:
        raise CheckpointError(
            f"{checkpoint} holds numbers that are not finite in {len(broken)} of {len(weights)} "
            f"weights, first in '{broken[0]}'. The training has diverged; choose a lower l_rate."
        )
    return weights


def misfits(
    found: Mapping[str, Tensor],
    wanted: Mapping[str, Tensor],
    *,
    image_channels: list[str],
    class_names: list[str],
) -> list[str]:
    """Return how the weights of a file differ from those that the model wants, a phrase each."""
    kernels = [name for name, weight in wanted.items() if weight.ndim == 5]
    if not kernels:
        return weight_misfits(found, wanted)
    first, last = kernels[0], kernels[-1]
    bias = last.removesuffix("weight") + "bias"
    faults: list[str] = []
    explained: set[str] = set()
    if (channels := _size_of(found, first, axis=1)) not in (None, len(image_channels)):
        names = ", ".join(image_channels)
        faults.append(
            f"it takes {channels} image channels; the model has {len(image_channels)}: {names}"
        )
        explained.add(first)
    if (classes := _size_of(found, last, axis=0)) not in (None, len(class_names)):
        names = ", ".join(class_names)
        faults.append(
            f"it tells {classes} classes apart; the model has {len(class_names)}: {names}"
        )
        explained.update((last, bias))
    return faults + weight_misfits(found, wanted, explained=explained)


def weight_misfits(
    found: Mapping[str, Tensor],
    wanted: Mapping[str, Tensor],
    *,
    explained: Collection[str] = (),
    fields: str = NETWORK_FIELDS,
) -> list[str]:
    """Return how weights differ, a phrase each; `explained` are spared, `fields` are to be checked."""
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if name not in wanted]
    other_size = [
        f"{name} is {tuple(found[name].shape)}, the model wants {tuple(wanted[name].shape)}"
        for name in wanted
        if name in found and name not in explained and found[name].shape != wanted[name].shape
    ]
    faults = [
        f"{len(names)} {what}, such as {names[0]}"
        for names, what in (
            (missing, "weights of the model are not in the file"),
            (unknown, "weights of the file are not in the model"),
            (other_size, "weights have another size"),
        )
        if names
    ]
    return [*faults, f"check {fields}"] if faults else []


def _size_of(weights: Mapping[str, Tensor], name: str, *, axis: int) -> int | None:
    weight = weights.get(name)
    return weight.shape[axis] if weight is not None and weight.ndim > axis else None


def _load(checkpoint: Path) -> Any:
    try:
        with checkpoint.open("rb") as stream:
            start = stream.read(512)
    except FileNotFoundError:
        raise CheckpointError(f"Checkpoint {checkpoint} does not exist.") from None
    except OSError as error:
        raise CheckpointError(
            f"Checkpoint {checkpoint} cannot be read: {error.strerror}."
        ) from None
    _check_kind(checkpoint, start)
    try:
        # torch.load compares no checksums: it would take a damaged file for other weights.
        with zipfile.ZipFile(checkpoint) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise CheckpointError(f"{checkpoint} is damaged: the checksum of {damaged} is wrong.")
        return torch.load(checkpoint, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise CheckpointError(
            f"{checkpoint} holds more than weights and plain values, and such content could run "
            "code. Checkpoints of this workflow are free of it: is the file from somewhere else?"
        ) from None
    except (zipfile.BadZipFile, RuntimeError, EOFError, KeyError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CheckpointError(f"{checkpoint} is damaged or incomplete: {reason}") from None


def _check_kind(checkpoint: Path, start: bytes) -> None:
    if start.startswith(ZIP_START):
        return
    text = start.lstrip().lower()
    if not start:
        reason = "is empty"
    elif text.startswith((b"<!doctype", b"<html", b"<?xml")):
        reason = "is a web page, not weights. Its download may have asked for a sign-in"
    elif text.startswith(b"version https://git-lfs"):
        reason = "is a pointer of git-lfs, not weights. `git lfs pull` fetches them"
    else:
        reason = "is damaged, or no file that torch.save has written"
    raise CheckpointError(f"{checkpoint} {reason}.")
