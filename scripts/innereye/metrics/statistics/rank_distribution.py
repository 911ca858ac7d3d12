"""How likely is a sum of positive ranks if every difference had either sign by chance?"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from innereye.metrics.columns import Values

# 2 ** 50 outcomes are counted without rounding, and the normal curve is close enough above.
MOST_EXACT = 50


def exact_p_value(signed_ranks: Values) -> float:
    """Return the two-sided p value of at most 50 signed midranks, none of them zero.

    The conditional distribution given these ranks, hence exact with ties, too: all 2 ** n signs
    are equally likely. Twice the smaller tail, at most 1, as in scipy. 1 without any rank.
    """
    # Midranks are multiples of one half; doubled they are places in an array.
    doubled = np.rint(2 * np.abs(signed_ranks)).astype(np.int64)
    outcomes = _outcomes(doubled)
    found = int(doubled[np.asarray(signed_ranks) > 0].sum())
    tail = min(outcomes[: found + 1].sum(), outcomes[found:].sum())
    return min(1.0, 2 * float(tail) / 2.0 ** len(doubled))


@lru_cache(maxsize=1024)
def lower_position(count: int, tail: float) -> int:
    """Return the largest k for which P(W+ < k) <= `tail`, W+ the positive ranks' sum of 1..count.

    0 if there is none. Exact up to 50 ranks, the normal approximation with continuity correction
    above (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3.3).
    """
    if count <= MOST_EXACT:
        below = np.cumsum(_outcomes(np.arange(1, count + 1))) / 2.0**count
        return int(np.searchsorted(below, tail, side="right"))
    mean = count * (count + 1) / 4
    deviation = np.sqrt(mean * (2 * count + 1) / 6)
    return max(0, int(np.floor(mean + 0.5 + float(special.ndtri(tail)) * deviation)))


def _outcomes(ranks: npt.NDArray[np.int64]) -> Values:
    """Return at place s how many of the 2 ** n choices of signs have positive ranks of sum s."""
    outcomes = np.zeros(int(ranks.sum()) + 1)
    outcomes[0] = 1
    for rank in ranks:
        outcomes[rank:] += outcomes[: len(outcomes) - rank]
    return outcomes
