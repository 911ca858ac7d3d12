"""Which of two structures, one above the other, has the slices in which both are?"""

import numpy as np


def exclude_slices(
    segmentation: np.ndarray, *, higher: int, lower: int, higher_dominates: bool
) -> None:
    """Give the slices from the lowest of `higher` to the highest of `lower` to one of the two classes.

    In these slices of the segmentation (Z, Y, X) all voxels of the other class become its own: of
    `higher` where it dominates, else of `lower`. "Higher" means a larger index along Z.
    """
    has_higher, has_lower = (
        np.flatnonzero([bool((plane == index).any()) for plane in segmentation])
        for index in (higher, lower)
    )
    if not has_higher.size or not has_lower.size or has_higher[0] > has_lower[-1]:
        return
    winner, loser = (higher, lower) if higher_dominates else (lower, higher)
    shared = segmentation[has_higher[0] : has_lower[-1] + 1]
    shared[shared == loser] = winner
