"""Which posteriors does a network give for a whole image, patch by patch?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from innereye.architectures import NetworkSizes
from innereye.inference.blending import Blend
from innereye.inference.grid import Grid, Patch, Size, plan_grid
from innereye.inference.part import Part
from innereye.inference.scratch import Scratch
from innereye.names import Axis, InferenceBlending, PaddingMode

AXIS_OF_TENSOR = {Axis.Z: 2, Axis.Y: 3, Axis.X: 4}


@dataclass(frozen=True)
class Window:
    """The window that slides over an image; sizes are (Z, Y, X).

    `patch` is test_crop_size, `stride` inference_stride_size, `sizes` what the network takes and
    gives, `batch_size` the patches of one forward pass. `padding_mode`, a name of numpy.pad, says how
    the image goes on beyond its border; the network needs that border, so `no_padding` is taken as
    `edge`. `blending` says what becomes of an overlap; with `mirror_axes` each patch is also segmented
    mirrored, on each of them and on all together, and the mean counts.
    """

    patch: Size
    stride: Size
    sizes: NetworkSizes
    batch_size: int
    padding_mode: str
    blending: InferenceBlending = InferenceBlending.CROP
    mirror_axes: tuple[Axis, ...] = ()


def parts_of(
    model: nn.Module,
    image: np.ndarray,
    *,
    mask: np.ndarray | None,
    window: Window,
    num_classes: int,
    device: torch.device,
    scratch: Scratch,
) -> Iterator[Part]:
    """Yield the posteriors of a normalised image (C, Z, Y, X) of any size, part by part.

    Each voxel comes once. Parts come along Z; take what is needed from a block before the next.
    Where `mask` (Z, Y, X) is 0, background is 1; patches wholly there are not computed. Memory: the
    padded image, one batch, and for blending as many slices of posteriors as a patch has, from
    `scratch`. `model`, in eval mode on `device`, makes logits (B, K, z, y, x).

    Raises:
        ConfigError: stride and patch do not suit each other or the network.
    """
    grid = plan_grid(
        image.shape[1:],
        patch=window.patch,
        stride=window.stride,
        sizes=window.sizes,
        blending=window.blending,
    )
    results = _results(model, image, mask, grid, window, device)
    if grid.blending is InferenceBlending.GAUSSIAN:
        parts = _blended(results, grid, num_classes, scratch)
    else:
        parts = _cropped(results, num_classes)
    for part in parts:
        if mask is not None:
            outside = mask[part.target] == 0
            for index, posterior in enumerate(part.posteriors):
                set_background(posterior, index, outside)
        yield part


def _results(
    model: nn.Module,
    image: np.ndarray,
    mask: np.ndarray | None,
    grid: Grid,
    window: Window,
    device: torch.device,
) -> Iterator[tuple[Patch, Tensor | None]]:
    """Yield each patch with the posteriors (K, z, y, x) of its core; None where the mask is empty."""
    padded = _pad(image, grid, window.padding_mode)
    for batch in _batches(grid.patches(), mask, window.batch_size):
        needed = [patch for patch, is_needed in batch if is_needed]
        outputs = _forward(model, padded, needed, window.mirror_axes, device=device)
        for patch, is_needed in batch:
            yield patch, next(outputs) if is_needed else None


def _cropped(results: Iterable[tuple[Patch, Tensor | None]], num_classes: int) -> Iterator[Part]:
    for patch, core in results:
        if core is None:
            size = [part.stop - part.start for part in patch.target]
            yield Part(patch.target, np.zeros((num_classes, *size), np.float32))
        else:
            yield Part(patch.target, core.cpu().numpy())


def _blended(
    results: Iterable[tuple[Patch, Tensor | None]], grid: Grid, num_classes: int, scratch: Scratch
) -> Iterator[Part]:
    blend = Blend(grid, num_classes, scratch)
    for patch, core in results:
        if core is None:
            continue
        yield from blend.finished_before(patch.target[0].start)
        blend.add(patch, core)
    yield from blend.finished_before(grid.image_size[0])


def _pad(image: np.ndarray, grid: Grid, padding_mode: str) -> np.ndarray:
    if not any((*grid.pad_before, *grid.pad_after)):
        return image
    mode: Any = (
        "edge" if padding_mode == PaddingMode.NO_PADDING else PaddingMode(padding_mode).value
    )
    widths = [(0, 0), *zip(grid.pad_before, grid.pad_after, strict=True)]
    return np.pad(image, widths, mode=mode)


def _batches(
    patches: Iterable[Patch], mask: np.ndarray | None, batch_size: int
) -> Iterator[list[tuple[Patch, bool]]]:
    """Yield the patches in batches with as many needed ones as the batch size, the last with fewer."""
    batch: list[tuple[Patch, bool]] = []
    for patch in patches:
        batch.append((patch, mask is None or bool(mask[patch.target].any())))
        if sum(is_needed for _, is_needed in batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch


@torch.inference_mode()
def _forward(
    model: nn.Module,
    padded: np.ndarray,
    batch: Sequence[Patch],
    mirror_axes: Sequence[Axis],
    *,
    device: torch.device,
) -> Iterator[Tensor]:
    """Yield the posteriors (K, z, y, x) of the core of each patch, float32."""
    if not batch:
        return
    crops = torch.from_numpy(np.stack([padded[:, *each.source] for each in batch])).to(device)
    ways = list(_mirrorings(mirror_axes))
    if len(ways) == 1:
        for logits, each in zip(model(crops), batch, strict=True):
            yield logits[:, *each.core].float().softmax(dim=0)
        return
    total = model(crops).float().softmax(dim=1)
    for axes in ways[1:]:
        total += model(crops.flip(axes)).flip(axes).float().softmax(dim=1)
    for posteriors, each in zip(total, batch, strict=True):
        yield posteriors[:, *each.core] / len(ways)


def _mirrorings(mirror_axes: Sequence[Axis]) -> Iterator[list[int]]:
    """Yield the axes of a tensor (B, C, Z, Y, X) that are mirrored together, first of all none."""
    for count in range(len(mirror_axes) + 1):
        for axes in combinations(mirror_axes, count):
            yield [AXIS_OF_TENSOR[axis] for axis in axes]


def set_background(posterior: np.ndarray, class_index: int, outside: np.ndarray) -> None:
    """Make the posterior of a class what it is outside the mask: 1 for the background, 0 for others."""
    posterior[outside] = 1.0 if class_index == 0 else 0.0
