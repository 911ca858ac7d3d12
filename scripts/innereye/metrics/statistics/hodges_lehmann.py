"""How large is the difference between two models? The Hodges-Lehmann shift and its interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innereye.metrics.columns import Values
from innereye.metrics.statistics.rank_distribution import lower_position


@dataclass(frozen=True)
class Shift:
    """Pseudo-median of paired differences and its confidence interval, in their unit."""

    shift: float
    low: float
    high: float


def hodges_lehmann(differences: Values, *, confidence: float = 0.95) -> Shift:
    """Return the median of the averages of all pairs of differences, one axis, each with itself too.

    The interval lies between two of these Walsh averages, at the places where the signed-rank test
    would just not reject (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3.2-3.3);
    NaN where there are too few differences for the confidence, such as five for 95 %. Differences may
    be infinite: the average of plus and minus infinity is 0, for neither side wins. Memory: 8 bytes
    times the square of the count.
    """
    count = len(differences)
    if count == 0:
        return Shift(math.nan, math.nan, math.nan)
    last = count * (count + 1) // 2 - 1
    position = lower_position(count, (1 - confidence) / 2)
    reached = max(position, 1) - 1
    low, left, right, high = _walsh_averages(
        differences, [reached, last // 2, (last + 1) // 2, last - reached]
    )
    if position == 0:
        low = high = math.nan
    return Shift(_half(left + right), low, high)


def _walsh_averages(differences: Values, places: Sequence[int]) -> list[float]:
    """Return the Walsh averages at ascending places, counted from 0 among all in order of size."""
    count = len(differences)
    # Each sum of two stands here twice, so place k is place 2 k: faster than to cut a triangle.
    sums = np.empty((count + 1, count))
    with np.errstate(invalid="ignore"):  # infinity less infinity, see above
        np.add(differences[:, None], differences[None, :], out=sums[:count])
    np.multiply(differences, 2, out=sums[count])
    if np.isposinf(differences).any() and np.isneginf(differences).any():
        sums[np.isnan(sums)] = 0
    waiting = sums.ravel()
    found: list[float] = []
    for place in reversed(places):
        # One place at a time is what numpy has a fast way for; what is left of it holds the rest.
        waiting.partition(2 * place)
        found.append(_half(waiting[2 * place]))
        waiting = waiting[: 2 * place + 1]
    return found[::-1]


def _half(total: float) -> float:
    """Return half of a sum, 0 for a sum of both infinities, and never minus zero."""
    return 0.0 if math.isnan(total) else float(total) / 2 + 0.0
