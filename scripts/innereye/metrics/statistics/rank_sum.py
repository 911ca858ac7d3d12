"""Is one of two groups ahead by more than chance? Mann and Whitney's U and its distribution."""

import math
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from innereye.metrics.columns import Values


def u_statistic(first: Values, second: Values) -> float:
    """Return the pairs in which the value of the first group is the larger one, ties half."""
    ordered = np.sort(second)
    smaller = np.searchsorted(ordered, first, side="left")
    not_larger = np.searchsorted(ordered, first, side="right")
    return float(np.sum(smaller + not_larger)) / 2


def spread_of_u(first: Values, second: Values) -> float:
    """Return the standard deviation of U of two groups without a difference, given their ties.

    Zero where all values are one and the same. (Hollander, Wolfe and Chicken, Nonparametric
    Statistical Methods, 4.1.)
    """
    counts = np.unique(np.concatenate([first, second]), return_counts=True)[1].astype(np.float64)
    total = len(first) + len(second)
    ties = float(np.sum(counts**3 - counts)) / (total * (total - 1))
    return math.sqrt(len(first) * len(second) / 12 * (total + 1 - ties))


def p_value(first: Values, second: Values, *, exact: bool) -> float:
    """Return the two-sided p of U, at most 1.

    `exact`: from the distribution of U, for groups without ties. Else the normal approximation with
    tie and continuity correction; 1 where all values are one and the same.
    """
    pairs = len(first) * len(second)
    u = u_statistic(first, second)
    smaller_u = min(u, pairs - u)
    if exact:
        tail = float(_distribution_of_u(len(first), len(second))[int(smaller_u)])
    else:
        spread = spread_of_u(first, second)
        tail = float(ndtr((smaller_u - pairs / 2 + 0.5) / spread)) if spread else 1.0
    return min(1.0, 2 * tail)


def least_u(first: Values, second: Values, tail: float, *, exact: bool) -> int:
    """Return the least U whose one-sided p, `exact` or not as in `p_value`, is above `tail`."""
    if exact:
        distribution = _distribution_of_u(len(first), len(second))
        return int(np.searchsorted(distribution, tail, side="right"))
    middle = len(first) * len(second) / 2
    least = middle - 0.5 + float(ndtri(tail)) * spread_of_u(first, second)
    return max(0, math.ceil(least))


@cache
def _distribution_of_u(n_first: int, n_second: int) -> Values:
    """Return P(U <= u) of two groups without a difference, for u = 0, 1, ... up to the middle.

    The number of arrangements with U = u is the coefficient of q**u in the Gaussian binomial, the
    product of (1 - q**(n_second + k)) / (1 - q**k), k = 1 .. n_first (Mann and Whitney 1947).
    """
    counts = np.zeros(n_first * n_second // 2 + 1, dtype=object)  # whole numbers of any size
    counts[0] = 1
    for k in range(1, n_first + 1):
        counts[n_second + k :] = counts[n_second + k :] - counts[: -n_second - k]
        for start in range(min(k, len(counts))):
            counts[start::k] = np.cumsum(counts[start::k])
    total = math.comb(n_first + n_second, n_first)
    return np.array([int(count) / total for count in np.cumsum(counts)], dtype=np.float64)
