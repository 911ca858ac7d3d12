"""Do two groups of scores differ by more than chance? Mann-Whitney as the original computed it.

The tests of today are in `group_tests.py`; these numbers stay as they were in the older texts.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from innereye.metrics.columns import Values
from innereye.metrics.statistics.rank_sum import spread_of_u, u_statistic


@dataclass(frozen=True)
class Sample:
    """Size, mean and standard deviation (n-1) of a group of scores."""

    count: int
    mean: float
    std: float


def sample_of(values: Values) -> Sample:
    """Return what is printed of a group; 0 stands for a mean or a spread that there is not."""
    mean = float(np.mean(values)) if len(values) else 0.0
    std = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return Sample(len(values), mean, std)


def roc_value(first: Values, second: Values) -> float:
    """Return the share of pairs in which the first value is the smaller one, ties half.

    It is the area under the curve of telling the groups apart; 0.5 where a group is empty.
    """
    if not len(first) or not len(second):
        return 0.5
    return u_statistic(second, first) / (len(first) * len(second))


def mann_whitney_p(first: Values, second: Values) -> float:
    """Return the two-sided p of Mann and Whitney's test; NaN where all values are one and the same.

    Normal approximation with tie and continuity correction at every size (scipy 1.5.2): later
    versions take the exact p of small groups, and 1 for the most even split.
    """
    spread = spread_of_u(first, second)
    if spread == 0:
        return math.nan
    middle = len(first) * len(second) / 2
    z = (abs(u_statistic(first, second) - middle) - 0.5) / spread
    return 2 * float(ndtr(-abs(z)))


def normal_p(first: Sample, second: Sample) -> float:
    """Return the one-sided p of the difference of two means, if these were normally distributed.

    0.5 for equal means; else 0 where neither group has a spread.
    """
    if first.mean == second.mean:
        return 0.5
    variance = first.std**2 / first.count + second.std**2 / second.count
    if variance == 0:
        return 0.0
    return float(ndtr(-abs(first.mean - second.mean) / math.sqrt(variance)))
