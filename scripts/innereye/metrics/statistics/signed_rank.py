"""Is the second of two models better on the same subjects by more than chance? Wilcoxon's test."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from innereye.metrics.columns import Values
from innereye.metrics.statistics.rank_distribution import MOST_EXACT, exact_p_value

EXACT = "exact"
NORMAL = "normal"


@dataclass(frozen=True)
class SignedRank:
    """Wilcoxon's test of paired gains: `statistic` is W+, the sum of the positive gains' ranks."""

    n_nonzero: int
    statistic: float
    p_value: float
    method: str
    effect_size: float


def signed_rank(gains: Values) -> SignedRank:
    """Test whether gains, one axis, lie about zero; infinite ones rank highest, equal ones share.

    Zeros are dropped (Wilcoxon 1945). The two-sided p is exact up to 50 gains, with ties, too, and
    scipy's normal approximation with correction for ties above. The effect size is the matched-pairs
    rank-biserial correlation (Kerby 2014), W+ less W- over their sum: 1 where every gain is positive.
    All gains zero: p 1, effect 0. No gain at all: p, statistic and effect NaN.
    """
    if len(gains) == 0:
        return SignedRank(0, math.nan, math.nan, "", math.nan)
    nonzero = gains[gains != 0]
    if len(nonzero) == 0:
        return SignedRank(0, 0.0, 1.0, EXACT, 0.0)
    signed_ranks = np.sign(nonzero) * stats.rankdata(np.abs(nonzero))
    is_exact = len(nonzero) <= MOST_EXACT
    p_value = exact_p_value(signed_ranks) if is_exact else _normal_p_value(signed_ranks)
    return SignedRank(
        n_nonzero=len(nonzero),
        statistic=float(signed_ranks[signed_ranks > 0].sum()),
        p_value=p_value,
        method=EXACT if is_exact else NORMAL,
        effect_size=float(signed_ranks.sum() / np.abs(signed_ranks).sum()),
    )


def _normal_p_value(signed_ranks: Values) -> float:
    # Signed ranks have the ranks of the gains that they come from, and no infinity.
    _, p_value = np.asarray(stats.wilcoxon(signed_ranks, method="asymptotic"), dtype=np.float64)
    return float(p_value)
