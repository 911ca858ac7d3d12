"""Which closed curves are drawn around a structure in a slice? One for each island, holes cut in."""

from itertools import pairwise
from typing import cast

import numpy as np
from contourpy import contour_generator

# Where between an inner voxel (1) and an outer one (0) the curve runs. At just above the middle, all
# ways of filling it find the same voxels: those whose centres lie inside, and those of which the
# rounded curve goes through the centres.
LEVEL = 0.51


def outlines(mask: np.ndarray) -> list[np.ndarray]:
    """Return the closed curves (N, 2) around a mask (Y, X), X first, in voxels; centres are whole.

    The last point is not the first again. A hole is cut in as a keyhole, by a channel without width
    (DICOM PS3.3 C.8.8.6.3): programs do not agree on what a curve inside of another one means.
    """
    generator = contour_generator(
        z=np.pad(mask, 1).astype(np.float64), fill_type="OuterOffset", name="serial"
    )
    # For each island its points, and the numbers at which its border and holes begin.
    islands = cast("tuple[list[np.ndarray], list[np.ndarray]]", generator.filled(LEVEL, np.inf))
    found = []
    for points, ends in zip(*islands, strict=True):
        loops = [
            points[start : stop - 1] - 1.0  # the last point repeats the first; 1 is the padding
            for start, stop in pairwise(ends)
        ]
        found.append(_without_needless_points(_with_keyholes(loops[0], loops[1:])))
    return found


def _with_keyholes(outer: np.ndarray, holes: list[np.ndarray]) -> np.ndarray:
    """Return one curve that goes around an island and, through channels, around its holes.

    From a hole's rightmost point a channel leads right, along the centres of a row of the structure,
    to the next curve, which has a point there. Holes further right are already part of it.
    """
    curve = outer
    for hole in sorted(holes, key=lambda each: -each[:, 0].max()):
        start = int(np.argmax(hole[:, 0]))
        x, y = hole[start]
        reachable = np.flatnonzero((curve[:, 1] == y) & (curve[:, 0] > x))
        at = int(reachable[np.argmin(curve[reachable, 0])])
        around = np.concatenate([hole[start:], hole[: start + 1]])
        curve = np.concatenate([curve[: at + 1], around, curve[at:]])
    return curve


def _without_needless_points(curve: np.ndarray) -> np.ndarray:
    """Leave out points in the middle of straight lines: half of them, as borders follow the grid."""
    before, after = curve - np.roll(curve, 1, 0), np.roll(curve, -1, 0) - curve
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    goes_on = (before * after).sum(1) > 0  # a channel's end turns back on the same line
    return curve[(np.abs(turn) > 1e-9) | ~goes_on]
