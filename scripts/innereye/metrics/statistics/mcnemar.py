"""Which of two lists of values is more often the higher one? McNemar's test of paired lists."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from innereye.metrics.columns import Values


@dataclass(frozen=True)
class McNemar:
    """Result of the test; `z` is positive where the second list is more often higher."""

    z: float
    chi2: float
    p: float


def mcnemar(first: Values, second: Values) -> McNemar:
    """Compare paired values, (N,) each; pairs that are equal, or that lack a value, do not count.

    Raises:
        ValueError: the lists are not equally long.
    """
    one, other = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if one.ndim != 1 or one.shape != other.shape:
        raise ValueError(f"first {one.shape} and second {other.shape} are not (N,) and (N,)")
    return mcnemar_of_counts(int(np.sum(one > other)), int(np.sum(other > one)))


def mcnemar_of_counts(first_higher: int, second_higher: int) -> McNemar:
    """Compare by how often each list is higher: z = (n2 - n1) / sqrt(n1 + n2), chi2 = z squared.

    `p` is two-sided, without correction for continuity (McNemar 1947). Without any difference both
    statistics are 0 and p is 1.
    """
    total = first_higher + second_higher
    if not total:
        return McNemar(z=0.0, chi2=0.0, p=1.0)
    z = (second_higher - first_higher) / math.sqrt(total)
    return McNemar(z=z, chi2=z**2, p=float(stats.chi2.sf(z**2, 1)))
