"""By how much does one group of scores lie above another? Hodges-Lehmann's shift and its interval."""

import math

import numpy as np

from innereye.metrics.columns import Values
from innereye.metrics.statistics.hodges_lehmann import Shift
from innereye.metrics.statistics.rank_sum import least_u


def group_shift(first: Values, second: Values, *, confidence: float, exact: bool) -> Shift:
    """Return the median of all differences, second minus first, and its confidence interval.

    The interval holds the shifts that the test of Mann and Whitney does not reject (Moses; see
    Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 4.3): its ends are two of the
    differences, NaN where the groups are too small for the confidence. `exact` as in the test: the
    exact distribution of U, or the normal approximation with the ties of the pooled values and
    continuity correction. Infinite values are the largest and equal to each other; the middle of
    minus and plus infinity is 0, for neither group is ahead.
    """
    with np.errstate(invalid="ignore"):  # infinity less infinity
        differences = np.subtract.outer(second, first).ravel()
    differences[np.isnan(differences)] = 0
    differences.sort()
    left, right = differences[(len(differences) - 1) // 2], differences[len(differences) // 2]
    middle = 0.0 if left == -right else float(left + right) / 2
    rank = least_u(first, second, (1 - confidence) / 2, exact=exact)
    if rank == 0:
        return Shift(middle, math.nan, math.nan)
    return Shift(middle, float(differences[rank - 1]), float(differences[-rank]))
