"""In which pieces do posteriors travel? Parts of an image, so that a whole one need not be in memory."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from innereye.inference.grid import Slices

BYTES_AT_ONCE = 64 * 2**20


class Part(NamedTuple):
    """Posteriors (K, z, y, x), float32, of the voxels `target` of an image.

    `scores`, of the same shape, decide the classes; None means that the posteriors do.
    """

    target: Slices
    posteriors: np.ndarray
    scores: np.ndarray | None = None


def slabs(first: int, last: int, shape: Sequence[int]) -> Iterator[Slices]:
    """Yield slices from `first` to `last` along Z, as many at a time as are no burden.

    `shape`: (K, Z, Y, X) of the float32 array that is cut.
    """
    classes, _, height, width = shape
    count = max(1, BYTES_AT_ONCE // (4 * classes * height * width))
    for low in range(first, last, count):
        yield slice(low, min(low + count, last)), slice(0, height), slice(0, width)
