"""What does one step see of a classification or regression? Items side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from innereye.errors import DatasetError


@dataclass(frozen=True)
class ItemSample:
    """An item after its changes.

    images, segmentations: float32 (C, Z, Y, X) or None; features: float32 (F,); label: float32 (T,), NaN
    where unknown.
    """

    subject: str
    images: Tensor | None
    segmentations: Tensor | None
    features: np.ndarray
    label: np.ndarray


@dataclass(frozen=True)
class ItemBatch:
    """Items side by side.

    images, segmentations: (B, C, Z, Y, X), features: (B, F), None for what the model does not have;
    labels: (B, T), NaN where unknown. `weight` is that of their loss beside the losses of other
    processes, 0 for items that stand in.
    """

    subjects: tuple[str, ...]
    images: Tensor | None
    features: Tensor | None
    segmentations: Tensor | None
    labels: Tensor
    weight: float = 1.0

    @property
    def inputs(self) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        """What a network is called with."""
        return self.images, self.features, self.segmentations

    def to(self, *args: Any, **kwargs: Any) -> "ItemBatch":
        """Return the batch on another device, as `Tensor.to`."""
        return self._map(lambda tensor: tensor.to(*args, **kwargs))

    def pin_memory(self) -> "ItemBatch":
        """Return the batch in memory from which copies to a GPU are fast."""
        return self._map(lambda tensor: tensor.pin_memory())

    def _map(self, function: Callable[[Tensor], Tensor]) -> "ItemBatch":
        names = ("images", "features", "segmentations", "labels")
        tensors = {name: getattr(self, name) for name in names}
        given = {name: function(each) for name, each in tensors.items() if each is not None}
        return replace(self, **given)


def collate_items(items: Sequence[ItemSample]) -> ItemBatch:
    """Return items as a batch.

    Raises:
        DatasetError: their images have several sizes.
    """
    features = torch.from_numpy(np.stack([item.features for item in items]))
    return ItemBatch(
        subjects=tuple(item.subject for item in items),
        images=_stacked(items, [item.images for item in items]),
        features=features if features.shape[1] else None,
        segmentations=_stacked(items, [item.segmentations for item in items]),
        labels=torch.from_numpy(np.stack([item.label for item in items])),
    )


def _stacked(items: Sequence[ItemSample], arrays: Sequence[Tensor | None]) -> Tensor | None:
    given = [each for each in arrays if each is not None]
    if not given:
        return None
    sizes = {item.subject: tuple(array.shape) for item, array in zip(items, given, strict=True)}
    if len({*sizes.values()}) > 1:
        shown = ", ".join(f"{subject} {size}" for subject, size in list(sizes.items())[:4])
        raise DatasetError(
            f"Images of several sizes (C, Z, Y, X) form no batch: {shown}. Give image_size, "
            "center_crop_size, or a transform that brings all to one."
        )
    return torch.stack(given)
