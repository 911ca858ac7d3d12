"""How are the images and segmentations of one item changed, by the hooks of its model?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from innereye.errors import ConfigError
from innereye.names import Split
from innereye.transforms.scalar.execution_modes import Transform, transforms_of_hook
from innereye.transforms.scalar.random_scope import random_scope
from innereye.transforms.scalar.slices import RANK_3D

IMAGE_HOOK = "get_image_transform"
SEGMENTATION_HOOK = "get_segmentation_transform"


@dataclass(frozen=True)
class ItemTransform:
    """The changes of one split's items; None leaves them as they are."""

    model: str
    split: Split
    image: Transform | None = None
    segmentation: Transform | None = None

    def __call__(
        self, images: np.ndarray, segmentations: np.ndarray | None = None, *, seed: int
    ) -> tuple[Tensor, Tensor | None]:
        """Return images and segmentations, each (C, Z, Y, X) float32, after their changes.

        The result depends on nothing but the arguments: not on the process, nor on what was drawn
        before. Both transforms begin with the same seed, so equal random movements move an image and
        its segmentation alike. Raises ConfigError for a result of another shape, or with values
        that are not finite.
        """
        changed = self._changed(self.image, images, IMAGE_HOOK, seed)
        if segmentations is None:
            return changed, None
        return changed, self._changed(self.segmentation, segmentations, SEGMENTATION_HOOK, seed)

    def _changed(
        self, transform: Transform | None, given: np.ndarray, hook: str, seed: int
    ) -> Tensor:
        values = torch.from_numpy(np.array(given, dtype=np.float32))
        if transform is None:
            return values
        with random_scope(seed):
            changed = transform(values)
        where = f"{self.model}.{hook}, the transform for {self.split}"
        return _checked(changed, where)


def item_transform(
    *, model: str, image_hook: Any, segmentation_hook: Any, split: Split
) -> ItemTransform:
    """Return the changes for the items of one split, of what a model class gave by its two hooks.

    Raises ConfigError for what is no ModelTransformsPerExecutionMode.
    """
    images = transforms_of_hook(image_hook, hook=IMAGE_HOOK, model=model)
    segmentations = transforms_of_hook(segmentation_hook, hook=SEGMENTATION_HOOK, model=model)
    return ItemTransform(model, split, images.of(split), segmentations.of(split))


def _checked(changed: Any, where: str) -> Tensor:
    """Return the result of a transform as float32."""
    if not isinstance(changed, Tensor | np.ndarray):
        raise ConfigError(
            f"{where}: returned a {type(changed).__name__}; needed is a tensor (C, Z, Y, X)."
        )
    tensor = torch.as_tensor(changed)
    if tensor.ndim != RANK_3D or not tensor.numel():
        raise ConfigError(
            f"{where}: returned the shape {tuple(tensor.shape)}; needed is (C, Z, Y, X), none of them 0."
        )
    tensor = tensor.to(torch.float32).contiguous()
    if not bool(tensor.isfinite().all()):
        raise ConfigError(f"{where}: returned values that are not finite.")
    return tensor
