"""From where to where does a structure reach, and in which slices between is it missing?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

HEADER = (
    "xLo xHi xMx yLo yHi yMx zLo zHi zMx    Sub Series   Structure       Missing"  # InnerEye's own
)
AXES = "xyz"
SERIES_SHOWN = 8


@dataclass(frozen=True)
class Extent:
    """The slices of one axis with voxels of a structure, counted from 0; -1 where there are none.

    `highest_slice` is the last slice of the image; `missing` are gaps, such as `4` and `6-7`.
    """

    lowest: int
    highest: int
    highest_slice: int
    missing: tuple[str, ...] = ()

    @property
    def reaches_edge(self) -> bool:
        """Does the structure end only where the image does?"""
        return self.lowest == 0 or self.highest == self.highest_slice


def missing_ranges(presence: Sequence[int]) -> list[str]:
    """Return the gaps between ascending whole numbers: `4` for one, `6-7` for several."""
    return [
        f"{low + 1}" if high == low + 2 else f"{low + 1}-{high - 1}"
        for low, high in pairwise(presence)
        if high > low + 1
    ]


def extent_of(presence: Sequence[int], highest_slice: int) -> Extent:
    """Return the extent of a structure from the ascending indices of the slices that hold it."""
    if not presence:
        return Extent(-1, -1, highest_slice)
    return Extent(presence[0], presence[-1], highest_slice, tuple(missing_ranges(presence)))


def structure_extents(mask: np.ndarray) -> tuple[Extent, ...]:
    """Return the extent of a mask along each axis, in the order of the axes."""
    extents: list[Extent] = []
    for axis, size in enumerate(mask.shape):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        occupied = np.flatnonzero(mask.any(axis=others))
        extents.append(extent_of([int(index) for index in occupied], size - 1))
    return tuple(extents)


def structure_line(
    extents_xyz: Sequence[Extent], *, subject: str, series: str, structure: str
) -> str:
    """Return InnerEye's line for a structure, under `HEADER`: extents along x, y, z, names, gaps."""
    numbers = " ".join(
        f"{number:3d}"
        for extent in extents_xyz
        for number in (extent.lowest, extent.highest, extent.highest_slice)
    )
    gaps = "".join(
        f" {axis}Ms:{','.join(extent.missing)}"
        for axis, extent in zip(AXES, extents_xyz, strict=True)
        if extent.missing
    )
    return (
        f"{numbers}    {subject:>3} {series[:SERIES_SHOWN]:<{SERIES_SHOWN}} {structure:<15}{gaps}"
    )
