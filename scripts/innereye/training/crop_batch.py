"""What does one training step see? A batch of crops, and how it is brought to the network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from innereye.training.augmentation import CropChange

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Crop:
    """A crop as it leaves the store.

    image: float32 (C, Z, Y, X); labels: uint8 (S, Z, Y, X); mask: uint8 (Z, Y, X) or None; `change`
    is what the augmentation will do to it, None for nothing. `has_structure` says which structures
    have labels; where it is empty, all have.
    """

    subject: str
    image: np.ndarray
    labels: np.ndarray
    mask: np.ndarray | None
    spacing_zyx_mm: Triple
    change: CropChange | None
    has_structure: tuple[bool, ...] = ()


@dataclass(frozen=True)
class CropBatch:
    """Crops side by side.

    images: (B, C, Z, Y, X); labels: (B, S, Z, Y, X) of 0 and 1; masks: (B, Z, Y, X) or None;
    has_structure: bool (B, S), the structures that have labels, None where all have;
    `weight` is that of their loss beside the losses of other processes, 0 for crops that stand in.
    """

    subjects: tuple[str, ...]
    images: Tensor
    labels: Tensor
    masks: Tensor | None
    spacings_zyx_mm: tuple[Triple, ...]
    changes: tuple[CropChange, ...] | None
    weight: float = 1.0
    has_structure: Tensor | None = None

    def to(self, *args: Any, **kwargs: Any) -> "CropBatch":
        """Return the batch on another device, as `Tensor.to`."""
        return self._map(lambda tensor: tensor.to(*args, **kwargs))

    def pin_memory(self) -> "CropBatch":
        """Return the batch in memory from which copies to a GPU are fast."""
        return self._map(lambda tensor: tensor.pin_memory())

    def _map(self, function: Any) -> "CropBatch":
        return replace(
            self,
            images=function(self.images),
            labels=function(self.labels),
            masks=None if self.masks is None else function(self.masks),
            has_structure=None if self.has_structure is None else function(self.has_structure),
        )


def collate(crops: Sequence[Crop]) -> CropBatch:
    """Return crops, all of one size and all with or all without a change, as a batch."""
    changes = [crop.change for crop in crops if crop.change is not None]
    return CropBatch(
        subjects=tuple(crop.subject for crop in crops),
        images=torch.from_numpy(np.stack([crop.image for crop in crops])),
        labels=torch.from_numpy(np.stack([crop.labels for crop in crops])),
        masks=_stack_masks(crops),
        spacings_zyx_mm=tuple(crop.spacing_zyx_mm for crop in crops),
        changes=tuple(changes) if changes else None,
        has_structure=_stack_has_structure(crops),
    )


def _stack_masks(crops: Sequence[Crop]) -> Tensor | None:
    """Return masks (B, Z, Y, X), all 1 for a crop without one; None where no crop has one."""
    if all(crop.mask is None for crop in crops):
        return None
    everywhere = np.ones(crops[0].labels.shape[1:], np.uint8)
    masks = [everywhere if crop.mask is None else crop.mask for crop in crops]
    return torch.from_numpy(np.stack(masks))


def _stack_has_structure(crops: Sequence[Crop]) -> Tensor | None:
    """Return which structures have labels, bool (B, S); None where all have."""
    if all(all(crop.has_structure) for crop in crops):
        return None
    everything = [True] * crops[0].labels.shape[0]
    return torch.tensor([list(crop.has_structure) or everything for crop in crops])


def one_hot(labels: Tensor) -> Tensor:
    """Return labels (B, S, Z, Y, X) with the background, where no structure is, in front."""
    background = (labels == 0).all(dim=1, keepdim=True).to(labels.dtype)
    return torch.cat([background, labels], dim=1)


def middle(volumes: Tensor, size: Sequence[int]) -> Tensor:
    """Return the middle of volumes (..., Z, Y, X); of two middles of an axis the one that begins first."""
    if tuple(volumes.shape[-3:]) == tuple(size):
        return volumes
    starts = [whole // 2 - part // 2 for whole, part in zip(volumes.shape[-3:], size, strict=True)]
    place = [slice(start, start + part) for start, part in zip(starts, size, strict=True)]
    return volumes[(..., *place)]
