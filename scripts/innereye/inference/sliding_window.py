"""Which posteriors does a network give for a whole image, patch by patch?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from innereye.inference.grid import Grid, Patch, Size, plan_grid
from innereye.names import PaddingMode


@dataclass(frozen=True)
class Window:
    """The window that slides over an image; sizes are (Z, Y, X).

    `patch` is test_crop_size, `stride` inference_stride_size, `size_multiple` what every size that
    the network takes is a multiple of, `batch_size` the patches of one forward pass. `padding_mode`,
    a name of numpy.pad, says how the image goes on beyond its border; the network needs that border,
    so `no_padding` is taken as `edge`.
    """

    patch: Size
    stride: Size
    size_multiple: Size
    batch_size: int
    padding_mode: str


def posteriors(
    model: nn.Module,
    image: np.ndarray,
    *,
    mask: np.ndarray | None,
    window: Window,
    num_classes: int,
    device: torch.device,
) -> np.ndarray:
    """Return the posteriors (K, Z, Y, X), float32, of a normalised image (C, Z, Y, X) of any size.

    The image is padded and cut into overlapping patches; half of the overlap is cut off each side
    of a result, so that the voxels there come from the neighbour. Nothing is averaged. Where `mask`
    (Z, Y, X) is 0, background is 1; patches wholly there are not computed. Memory: the padded
    image, the result, one batch. `model`, in eval mode on `device`, makes logits (B, K, z, y, x).

    Raises:
        ConfigError: stride and patch do not suit each other or the network.
    """
    grid = plan_grid(
        image.shape[1:],
        patch=window.patch,
        stride=window.stride,
        size_multiple=window.size_multiple,
    )
    padded = _pad(image, grid, window.padding_mode)
    result = np.empty((num_classes, *grid.image_size), dtype=np.float32)
    needed = (each for each in grid.patches() if mask is None or mask[each.target].any())
    for batch in _batches(needed, window.batch_size):
        logits = _forward(model, padded, batch, device=device)
        for patch_logits, each in zip(logits, batch, strict=True):
            core = patch_logits[:, *each.core].float().softmax(dim=0)
            result[:, *each.target] = core.cpu().numpy()
    if mask is not None:
        _set_background(result, mask == 0)
    return result


def _pad(image: np.ndarray, grid: Grid, padding_mode: str) -> np.ndarray:
    mode: Any = (
        "edge" if padding_mode == PaddingMode.NO_PADDING else PaddingMode(padding_mode).value
    )
    widths = [(0, 0), *zip(grid.pad_before, grid.pad_after, strict=True)]
    return np.pad(image, widths, mode=mode)


def _batches(patches: Iterable[Patch], batch_size: int) -> Iterator[list[Patch]]:
    remaining = iter(patches)
    while batch := list(islice(remaining, batch_size)):
        yield batch


@torch.inference_mode()
def _forward(
    model: nn.Module, padded: np.ndarray, batch: list[Patch], *, device: torch.device
) -> Tensor:
    crops = np.stack([padded[:, *each.source] for each in batch])
    return model(torch.from_numpy(crops).to(device))


def _set_background(result: np.ndarray, outside: np.ndarray) -> None:
    for channel, value in zip(result, [1.0, *[0.0] * (len(result) - 1)], strict=True):
        channel[outside] = value
