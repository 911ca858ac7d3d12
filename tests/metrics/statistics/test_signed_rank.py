"""The right signed-rank test: scipy and plain enumeration give the same p, whatever the ties."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from innereye.metrics.statistics.signed_rank import signed_rank

INF = math.inf

# Few different values: ties and zeros are the rule.
with_ties = st.lists(st.sampled_from([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]), max_size=10)
without_ties = st.lists(st.floats(0.001, 1000), min_size=1, max_size=50, unique=True).flatmap(
    lambda sizes: arrays(np.float64, len(sizes), elements=st.sampled_from([-1.0, 1.0])).map(
        lambda signs: signs * np.array(sizes)
    )
)


def enumerated_p(gains):
    """Return the two-sided p by counting all choices of signs."""
    gains = gains[gains != 0]
    ranks = stats.rankdata(np.abs(gains))
    sums = [
        float(ranks[np.array(signs)].sum()) for signs in product([False, True], repeat=len(gains))
    ]
    found = ranks[gains > 0].sum()
    tails = np.mean(np.array(sums) <= found), np.mean(np.array(sums) >= found)
    return min(1.0, 2 * min(tails))


@given(without_ties)
def test_scipy_has_the_same_exact_p_without_ties(gains):
    expected = stats.wilcoxon(gains, method="exact")
    found = signed_rank(gains)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)
    assert (
        min(found.statistic, len(gains) * (len(gains) + 1) / 2 - found.statistic)
        == expected.statistic
    )
    assert found.method == "exact"


@given(with_ties.filter(any))
def test_enumeration_gives_the_same_p_with_ties_and_zeros(values):
    gains = np.array(values)
    assert signed_rank(gains).p_value == pytest.approx(enumerated_p(gains), abs=1e-9)


@pytest.mark.parametrize(
    "values", [[1, 1, 2, -1, 3, 3, -2], [0.5, 0.5, 0.5, -0.5], [-4, 1, 1, 1, 2, 0, -4, 7]]
)
def test_scipys_permutations_give_the_same_p_with_ties(values):
    gains = np.array(values, dtype=np.float64)
    gains = gains[gains != 0]
    expected = stats.wilcoxon(gains, method=stats.PermutationMethod(n_resamples=2**10))
    assert signed_rank(gains).p_value == pytest.approx(expected.pvalue, abs=1e-9)


@given(st.integers(51, 120), st.integers(0, 2**32 - 1), st.integers(0, 1))
def test_scipy_has_the_same_p_above_fifty(count, seed, decimals):
    gains = np.random.default_rng(seed).normal(1, 5, 2 * count).round(decimals)
    gains = gains[gains != 0][:count]
    found = signed_rank(gains)
    expected = stats.wilcoxon(gains, method="asymptotic").pvalue
    assert found.p_value == pytest.approx(expected, abs=1e-9)
    assert found.method == "normal"


def test_exact_and_normal_meet_at_fifty():
    gains = np.random.default_rng(1).normal(0.3, 1, 51)
    assert signed_rank(gains[:50]).method == "exact"
    assert signed_rank(gains[:50]).p_value == pytest.approx(
        stats.wilcoxon(gains[:50], method="asymptotic").pvalue, abs=0.005
    )


def test_infinite_gains_rank_highest_and_alike():
    found = signed_rank(np.array([1.0, INF, INF, -2.0]))
    assert found == signed_rank(np.array([1.0, 9.0, 9.0, -2.0]))
    assert found.statistic == 1 + 3.5 + 3.5


def test_the_statistic_by_hand():
    # Ranks 1, 2, 3 with signs + - +: W+ 4 of 6, effect (4 - 2) / 6; P(W+ >= 4) = 3 / 8.
    found = signed_rank(np.array([0.0, 0.1, -0.2, 0.3]))
    assert (found.n_nonzero, found.statistic, found.p_value) == (3, 4.0, 0.75)
    assert found.effect_size == pytest.approx(1 / 3)


def test_no_difference_anywhere_is_no_finding():
    found = signed_rank(np.zeros(4))
    assert (found.n_nonzero, found.statistic, found.p_value, found.effect_size) == (0, 0, 1, 0)


def test_without_gains_there_is_no_test():
    found = signed_rank(np.array([]))
    assert found.n_nonzero == 0
    assert np.isnan([found.statistic, found.p_value, found.effect_size]).all()


@given(with_ties.filter(any))
def test_turned_signs_mirror_everything(values):
    gains = np.array(values)
    found, mirrored = signed_rank(gains), signed_rank(-gains)
    assert mirrored.p_value == pytest.approx(found.p_value, abs=1e-12)
    assert mirrored.effect_size == pytest.approx(-found.effect_size)
    assert found.statistic + mirrored.statistic == found.n_nonzero * (found.n_nonzero + 1) / 2


@given(with_ties)
def test_only_the_order_of_the_gains_counts(values):
    gains = np.array(values)
    stretched = np.sign(gains) * np.expm1(np.abs(gains))
    assert repr(signed_rank(stretched)) == repr(signed_rank(gains))
