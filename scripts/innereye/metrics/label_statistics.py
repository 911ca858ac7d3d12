"""How many voxels does each structure have, and how many does it share with others?"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import cc3d
import numpy as np

from innereye.metrics.boxes import Box, Mask, bounding_box

MM3_PER_ML = 1000.0
NEIGHBOURS = 26


@dataclass(frozen=True)
class Components:
    """The connected parts of a mask: their number, and the largest one's share of the voxels."""

    count: int
    largest_share: float


def voxel_counts(labels: np.ndarray) -> np.ndarray:
    """Return the voxels of each class: of (C, Z, Y, X) a vector (C,), of (B, C, Z, Y, X) a (B, C).

    Every voxel that is not 0 counts.
    """
    if labels.ndim not in (4, 5):
        raise ValueError(f"Labels are (C, Z, Y, X) or (B, C, Z, Y, X); got {labels.shape}.")
    return np.count_nonzero(labels, axis=(-3, -2, -1))


def volume_ml(voxels: int, spacing_zyx_mm: tuple[float, float, float]) -> float:
    """Return the volume of some voxels in millilitres."""
    return voxels * float(np.prod(spacing_zyx_mm)) / MM3_PER_ML


@dataclass(frozen=True)
class BoxedMask:
    """A mask cut to the box of its voxels; an empty one has an empty box."""

    shape: tuple[int, ...]
    box: Box
    inside: Mask

    @property
    def voxels(self) -> int:
        """The number of its voxels."""
        return int(np.count_nonzero(self.inside))


def boxed(mask: Mask) -> BoxedMask:
    """Return a mask as its box: dozens of structures of one subject then fit into memory."""
    box = bounding_box(mask) or (slice(0, 0),) * mask.ndim
    return BoxedMask(mask.shape, box, np.ascontiguousarray(mask[box]))


def overlap_counts(masks: Mapping[str, BoxedMask]) -> dict[str, int]:
    """Return for each structure how many of its voxels belong to another structure as well.

    All masks come from one shape; a voxel of three structures counts once for each of them.
    """
    if not masks:
        return {}
    holders = np.zeros(next(iter(masks.values())).shape, np.uint16)
    for mask in masks.values():
        holders[mask.box] += mask.inside
    return {
        name: int(np.count_nonzero((holders[mask.box] > 1) & mask.inside))
        for name, mask in masks.items()
    }


def pair_overlaps(masks: Mapping[str, BoxedMask]) -> dict[tuple[str, str], int]:
    """Return the shared voxels of each pair of structures that shares any, in the masks' order."""
    candidates = [name for name, count in overlap_counts(masks).items() if count]
    pairs = (
        (pair, _shared(masks[pair[0]], masks[pair[1]])) for pair in combinations(candidates, 2)
    )
    return {pair: count for pair, count in pairs if count}


def _shared(first: BoxedMask, second: BoxedMask) -> int:
    full = np.zeros(first.shape, np.bool_)
    full[first.box] = first.inside
    return int(np.count_nonzero(full[second.box] & second.inside))


def components_of(mask: BoxedMask) -> Components:
    """Return the parts of a mask that touch each other nowhere, not even at a corner."""
    if not mask.voxels:
        return Components(0, 0.0)
    parts, count = cc3d.connected_components(mask.inside, connectivity=NEIGHBOURS, return_N=True)
    if count == 1:
        return Components(1, 1.0)
    sizes = np.bincount(parts.ravel())[1:]
    return Components(int(count), float(sizes.max() / sizes.sum()))
