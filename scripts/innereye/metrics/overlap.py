"""How much do two masks overlap? Dice."""

import math

import numpy as np

from innereye.metrics.boxes import Mask


def dice(prediction: Mask, truth: Mask) -> float:
    """Return 2 |P and G| / (|P| + |G|), in 0..1; NaN when both masks are empty."""
    total = int(np.count_nonzero(prediction)) + int(np.count_nonzero(truth))
    if total == 0:
        return math.nan
    return 2 * int(np.count_nonzero(prediction & truth)) / total
