"""Between which values does a number lie? Closed forms of 95 % intervals for rates and areas."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from scipy.optimize import root_scalar
from scipy.stats import binomtest

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True)
class Interval:
    """Both ends of a 95 % interval; NaN where there is none."""

    low: float
    high: float


NO_INTERVAL = Interval(math.nan, math.nan)


def wilson(count: int, total: int) -> Interval:
    """Return the score interval of a rate, `count` of `total` (Wilson 1927); NaN of nothing."""
    if not total:
        return NO_INTERVAL
    found = binomtest(count, total).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))


def newcombe(area: float, *, positives: int, negatives: int) -> Interval:
    """Return the interval of an area under the ROC curve, from the number of rows of each class.

    The areas that lie within 1.96 of their own standard errors: method 5 of Newcombe (Statistics in
    Medicine 25, 2006, 559-573), whose variance is that of Hanley and McNeil (1982) with the mean
    size for both classes. Unlike DeLong's, it has a width at areas of 0 and 1 and stays between
    them. NaN with one class only. Rows must be independent: one for each subject.
    """
    if math.isnan(area) or not positives or not negatives:
        return NO_INTERVAL
    low = _lower_end(area, positives, negatives)
    return Interval(low, 1 - _lower_end(1 - area, positives, negatives))


def _lower_end(area: float, positives: int, negatives: int) -> float:
    """Return the smaller area of which `area` is just not too far; the variance is symmetric."""
    others = (positives + negatives) / 2 - 1

    def excess(assumed: float) -> float:
        spread = 1 + others * ((1 - assumed) / (2 - assumed) + assumed / (1 + assumed))
        variance = assumed * (1 - assumed) * spread / (positives * negatives)
        return (area - assumed) ** 2 - Z**2 * variance

    # 1 itself has no variance and would answer an area of 1.
    highest = min(area, 1 - 1e-9)
    if highest <= 0:
        return 0.0
    return float(root_scalar(excess, bracket=(0.0, highest), method="brentq").root)
