"""How does a chain of 2D transforms, such as torchvision's, change a whole image?"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor

from innereye.errors import ConfigError, list_faults
from innereye.transforms.scalar.execution_modes import fault_of_transform
from innereye.transforms.scalar.random_scope import random_scope
from innereye.transforms.scalar.slices import RANK_3D, from_slices, to_slices, to_tensor

SliceTransform = Callable[[Any], Any]

COLOURS = (1, 3)
COLOUR_ADVICE = (
    "Transforms of colours need 1 or 3 channels; use_different_transformation_per_channel=True gives "
    "them one at a time."
)


class ImageTransformationPipeline:
    """Transforms in a row; each takes and returns slices [Z, C, H, W], where Z is 1 for a 2D image.

    `transforms` is a list, or one callable. A transform is called once on the whole image, so that
    one draw holds for all slices and channels. With `use_different_transformation_per_channel` the
    row is called on one channel after the other, [Z, 1, H, W], each with draws of its own. Raises
    ConfigError with all transforms that cannot be called.
    """

    def __init__(
        self,
        transforms: SliceTransform | Sequence[SliceTransform],
        use_different_transformation_per_channel: bool = False,
    ) -> None:
        self.transforms = _chain(transforms)
        self.use_different_transformation_per_channel = use_different_transformation_per_channel

    def __call__(self, image: object, *, seed: int | None = None) -> Tensor:
        """Return the changed image with the axes that it came with; what is given stays as it is.

        image: a PIL image, or an array or tensor (C, H, W) or (C, Z, H, W). With a seed (0 to 2**63 -
        1), the draws depend on nothing else and the global generators stand as before; without, the
        transforms draw from these. Raises ConfigError for other shapes, before or after.
        """
        with nullcontext() if seed is None else random_scope(seed):
            tensor = to_tensor(image)
            slices = to_slices(tensor)
            if self.use_different_transformation_per_channel:
                changed = _joined([self._changed(part) for part in slices.split(1, dim=1)])
            else:
                changed = self._changed(slices)
        return from_slices(changed, rank=tensor.ndim)

    def _changed(self, slices: Tensor) -> Tensor:
        changed: Any = slices
        for transform in self.transforms:
            shape = tuple(getattr(changed, "shape", ()))
            try:
                changed = transform(changed)
            except Exception as error:
                # The error is the transform's own; what it was given is not to be seen from there.
                error.add_note(f"{_name(transform)} was given [Z, C, H, W] = {list(shape)}.")
                if len(shape) == RANK_3D and shape[1] not in COLOURS:
                    error.add_note(COLOUR_ADVICE)
                raise
        if not isinstance(changed, Tensor) or changed.ndim != RANK_3D or not changed.numel():
            came = f"shape {tuple(changed.shape)}" if isinstance(changed, Tensor) else type(changed)
            raise ConfigError(
                f"{_name(self.transforms[-1])}, the last transform of an "
                f"ImageTransformationPipeline, returned {came}; needed is a tensor [Z, C, H, W]."
            )
        return changed


def _chain(transforms: SliceTransform | Sequence[SliceTransform]) -> tuple[SliceTransform, ...]:
    """Return the transforms as a tuple, checked."""
    is_chain = isinstance(transforms, list | tuple)
    chain: tuple[Any, ...] = tuple(transforms) if is_chain else (transforms,)
    faults = [
        f"transforms[{place}]: {fault}"
        for place, transform in enumerate(chain)
        if (fault := fault_of_transform(transform))
    ]
    if faults:
        raise ConfigError(list_faults("ImageTransformationPipeline cannot be made:", faults))
    return chain


def _joined(channels: list[Tensor]) -> Tensor:
    """Return the channels, each [Z, 1, H, W], side by side."""
    sizes = sorted({(len(channel), *channel.shape[2:]) for channel in channels})
    if len(sizes) > 1:
        raise ConfigError(
            "The transforms gave the channels of one image different sizes (Z, H, W): "
            f"{', '.join(map(str, sizes))}. Let them make all alike, "
            "or leave out use_different_transformation_per_channel."
        )
    return torch.cat(channels, dim=1)


def _name(transform: SliceTransform) -> str:
    return getattr(transform, "__name__", type(transform).__name__)
