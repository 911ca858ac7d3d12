"""U and its p values: what scipy says, and the exact distribution by counting."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from innereye.metrics.statistics.rank_sum import least_u, p_value, spread_of_u, u_statistic

groups_with_ties = st.lists(st.integers(0, 9), min_size=2, max_size=40).map(np.array)
sizes = st.integers(2, 49)


def untied(seed, n_first, n_second):
    values = np.random.default_rng(seed).permutation(n_first + n_second).astype(float)
    return values[:n_first], values[n_first:]


@given(groups_with_ties, groups_with_ties)
def test_the_approximation_is_scipys(first, second):
    expected = mannwhitneyu(first, second, method="asymptotic")
    assert u_statistic(first, second) == expected.statistic
    assert p_value(first, second, exact=False) == pytest.approx(expected.pvalue, rel=1e-9)


@given(st.builds(untied, st.integers(0, 10**6), sizes, sizes))
def test_the_exact_p_is_scipys(pair):
    expected = mannwhitneyu(*pair, method="exact")
    assert u_statistic(*pair) == expected.statistic
    assert p_value(*pair, exact=True) == pytest.approx(expected.pvalue, rel=1e-9)


def test_the_spread_with_ties_is_that_of_all_arrangements():
    values = np.array([1.0, 1, 1, 2, 3, 3, 4, 5])
    arrangements = [
        u_statistic(values[list(places)], np.delete(values, places))
        for places in itertools.combinations(range(8), 3)
    ]
    assert spread_of_u(values[:3], values[3:]) == pytest.approx(np.std(arrangements))


def test_infinite_values_are_ranks_like_others():
    first, second = np.array([1.0, 2.0, math.inf]), np.array([3.0, math.inf, math.inf])
    plain = np.array([1.0, 2.0, 9.0]), np.array([3.0, 9.0, 9.0])
    for exact in (False, True):
        assert p_value(first, second, exact=exact) == p_value(*plain, exact=exact)


@pytest.mark.parametrize(
    ("sizes", "significant"),
    # The printed tables of the two-sided test at 0.05: the largest U that is significant.
    [((5, 5), 2), ((8, 8), 13), ((10, 12), 29), ((20, 20), 127), ((5, 20), 20)],
)
def test_critical_values_of_the_tables(sizes, significant):
    groups = [np.zeros(size) for size in sizes]
    assert least_u(*groups, 0.025, exact=True) == significant + 1


@given(groups_with_ties, groups_with_ties, st.floats(0.001, 0.2))
def test_the_least_u_is_the_first_that_is_not_rejected(first, second, tail):
    least = least_u(first, second, tail, exact=False)
    z = NormalDist().inv_cdf(tail)
    limit = len(first) * len(second) / 2 - 0.5 + z * spread_of_u(first, second)
    assert max(0, least - 1) <= max(0, limit) <= least


def test_one_and_the_same_value_is_no_difference():
    assert spread_of_u(np.ones(4), np.ones(5)) == 0
    assert p_value(np.ones(4), np.ones(5), exact=False) == 1.0
