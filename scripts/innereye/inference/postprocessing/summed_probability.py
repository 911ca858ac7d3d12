"""Which voxels do two classes win together from a third?"""

from collections.abc import Sequence

import numpy as np


def apply_summed_probability(
    segmentation: np.ndarray, posteriors: np.ndarray, rules: Sequence[tuple[int, int, int]]
) -> None:
    """Change the segmentation (Z, Y, X) where two classes outweigh an external one together.

    Each rule holds the numbers of three classes: first, second, external. Where the external one is
    and p_first + p_second > p_external, the likelier of the two takes its place, the first where both
    are equal. Rules apply in order, each to what the ones before have left.
    """
    for first, second, external in rules:
        wins = segmentation == external
        wins &= posteriors[first] + posteriors[second] > posteriors[external]
        is_first = posteriors[first] >= posteriors[second]
        np.copyto(segmentation, first, where=wins & is_first, casting="unsafe")
        np.copyto(segmentation, second, where=wins & ~is_first, casting="unsafe")
