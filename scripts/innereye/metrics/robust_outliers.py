"""Which numbers are far from the rest, on either side, whatever the outliers themselves are?"""

import numpy as np
import numpy.typing as npt

from innereye.metrics.columns import Values, finite

# Median distance from the median of a normal distribution, in standard deviations.
NORMAL_MEDIAN_DISTANCE = 0.67448975
# Of fewer numbers none can be called unusual.
FEWEST = 5


def robust_z(values: Values) -> Values:
    """Return how many standard deviations each value lies from the median; NaN for missing ones.

    (x - median) / (MAD / 0.6745), MAD being the median distance from the median. Where more than
    half of the values are equal the mean distance from the median takes its place, / 0.7979 (the mean
    distance of a normal distribution). Fewer than 5 finite values, or all equal, give 0.
    B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers", 1993.
    """
    values = np.asarray(values, np.float64)
    known = finite(values)
    result = np.where(np.isfinite(values), 0.0, np.nan)
    if known.size < FEWEST:
        return result
    distances = np.abs(known - np.median(known))
    spread = np.median(distances) / NORMAL_MEDIAN_DISTANCE
    if spread == 0:
        spread = distances.mean() / np.sqrt(2 / np.pi)
    if spread == 0:
        return result
    return (np.where(np.isfinite(values), values, np.nan) - np.median(known)) / spread


def is_far(values: Values, *, outlier_range: float) -> npt.NDArray[np.bool_]:
    """Return which values lie strictly more than `outlier_range` robust deviations off the median."""
    return np.abs(np.nan_to_num(robust_z(values))) > outlier_range
