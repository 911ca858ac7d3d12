"""How do overlapping patches become one result? Sums of weighted posteriors, finished along Z."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from innereye.inference.grid import Grid, Patch
from innereye.inference.part import Part, slabs
from innereye.inference.scratch import Scratch, forget_pages


class Blend:
    """The posteriors of as many slices as a patch has; slices leave it once all their patches are in.

    Patches come in ascending order along Z. The weights of the patches sum to 1 in each voxel, so the
    sum of the weighted posteriors is their mean.
    """

    def __init__(self, grid: Grid, num_classes: int, scratch: Scratch) -> None:
        depth = min(grid.output[0], grid.image_size[0])
        self._slices = scratch.zeros((num_classes, depth, *grid.image_size[1:]), np.float32)
        self._first = 0
        self._row: int | None = None

    @torch.inference_mode()
    def add(self, patch: Patch, posteriors: Tensor) -> None:
        """Add the posteriors (K, z, y, x) of a patch's core; they are changed."""
        z, y, x = patch.spans
        for weights, shape in zip(
            (z.weights, y.weights, x.weights), ((-1, 1, 1), (-1, 1), (-1,)), strict=True
        ):
            if weights is not None:
                posteriors *= torch.from_numpy(weights).to(posteriors.device).reshape(shape)
        first = z.target.start - self._first
        place = (slice(first, z.target.stop - self._first), y.target, x.target)
        torch.from_numpy(self._slices)[:, *place] += posteriors.cpu()
        if y.target.start != self._row:
            # The next row of patches touches other rows of the slices.
            forget_pages(self._slices)
            self._row = y.target.start

    def finished_before(self, z: int) -> Iterator[Part]:
        """Yield the slices before `z`, some at a time, and let go of them; use each before the next."""
        depth = self._slices.shape[1]
        while self._first < z:
            count = min(z - self._first, depth)
            for target in slabs(self._first, self._first + count, self._slices.shape):
                along_z = slice(target[0].start - self._first, target[0].stop - self._first)
                yield Part(target, self._slices[:, along_z])
                forget_pages(self._slices)
            self._drop(count)

    def _drop(self, count: int) -> None:
        for plane in self._slices:
            plane[: len(plane) - count] = plane[count:]
            plane[len(plane) - count :] = 0
            forget_pages(self._slices)
        self._first += count
