"""Mann-Whitney as the original computed it: its conformance cases, and scipy where both agree."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from innereye.metrics.statistics.mann_whitney import (
    Sample,
    mann_whitney_p,
    normal_p,
    roc_value,
    sample_of,
)

# Few different values, so that ties are common.
groups = st.lists(st.integers(0, 12), min_size=1, max_size=30).map(np.array)


@pytest.mark.parametrize(
    ("std", "expected", "tolerance"), [(1.0, 0.056923149003329024, 1e-12), (0.0, 0.0, 0)]
)
def test_p_of_two_means(std, expected, tolerance):
    p = normal_p(Sample(5, 3.0, std), Sample(5, 4.0, std))
    assert p == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("std", [0.0, 1.0])
def test_equal_means_are_even(std):
    assert normal_p(Sample(5, 3.0, std), Sample(7, 3.0, std)) == 0.5


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], Sample(0, 0.0, 0.0)),
        ([1.0], Sample(1, 1.0, 0.0)),
        ([1.0, 2.0], Sample(2, 1.5, 0.7071067811865476)),
    ],
)
def test_sample_with_zero_for_what_there_is_not(values, expected):
    assert sample_of(np.array(values)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [([], [1], 0.5), ([2], [1], 0.0), ([2], [3, 1], 0.5), ([1], [1, 1, 2, 2], 0.75)],
)
def test_share_of_pairs_in_order(first, second, expected):
    assert roc_value(np.array(first), np.array(second)) == expected


@given(groups, groups)
def test_both_shares_make_one(first, second):
    assert roc_value(first, second) + roc_value(second, first) == pytest.approx(1)


@given(groups, groups)
def test_p_is_scipys_wherever_one_group_is_ahead(first, second):
    u = mannwhitneyu(first, second, method="asymptotic", alternative="two-sided")
    assume(u.statistic != len(first) * len(second) / 2)
    assert mann_whitney_p(first, second) == pytest.approx(u.pvalue, rel=1e-9)
    assert mann_whitney_p(second, first) == pytest.approx(u.pvalue, rel=1e-9)


def test_the_most_even_split_is_a_little_below_one_as_in_old_scipy():
    first, second = np.array([1.0, 4.0]), np.array([2.0, 3.0])
    spread = math.sqrt(2 * 2 * 5 / 12)
    assert mann_whitney_p(first, second) == pytest.approx(math.erfc(0.5 / spread / math.sqrt(2)))


def test_one_and_the_same_value_cannot_be_tested():
    assert math.isnan(mann_whitney_p(np.full(10, 3.0), np.full(12, 3.0)))
