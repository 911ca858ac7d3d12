"""Hodges-Lehmann's shift between groups: worked examples, and its duality with the test."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from innereye.metrics.statistics.group_shift import group_shift

INF = math.inf


groups_with_ties = st.lists(st.integers(0, 9), min_size=8, max_size=25).map(
    lambda numbers: np.array(numbers, float)
)


def drawn(seed, n_first, n_second, shift):
    """Two normal groups, the second `shift` standard errors above the first."""
    generator = np.random.default_rng(seed)
    error = math.sqrt(1 / n_first + 1 / n_second)
    return generator.normal(size=n_first), generator.normal(shift * error, size=n_second)


sizes = st.integers(8, 25)
pairs_without_ties = st.builds(drawn, st.integers(0, 10**6), sizes, sizes, st.floats(-4, 4))


def values_of(shift):
    return shift.shift, shift.low, shift.high


def test_the_shift_is_the_median_of_all_differences():
    shift = group_shift(np.array([1.0, 5.0]), np.array([2.0, 8.0]), confidence=0.5, exact=True)
    assert shift.shift == 2.0  # of -3, 1, 3 and 7


def test_exact_interval_by_counting_all_arrangements():
    first, second = np.array([0.8, 0.83, 1.89, 1.04, 1.45]), np.array([1.15, 0.88, 0.9, 0.74, 1.21])
    every = [sum(places) - 15 for places in itertools.combinations(range(1, 11), 5)]
    tail = np.array([np.mean(np.array(every) <= u) for u in range(26)])
    least = int(np.argmax(tail > 0.025))
    differences = np.sort(np.subtract.outer(second, first).ravel())
    shift = group_shift(first, second, confidence=0.95, exact=True)
    assert (shift.low, shift.high) == (differences[least - 1], differences[25 - least])


@given(pairs_without_ties)
def test_the_exact_interval_holds_zero_just_where_the_test_rejects_nothing(pair):
    p = mannwhitneyu(*pair, method="exact").pvalue
    shift = group_shift(*pair, confidence=0.95, exact=True)
    assert (shift.low <= 0 <= shift.high) == (p > 0.05)


@given(groups_with_ties, groups_with_ties)
def test_with_ties_the_interval_holds_zero_wherever_the_test_rejects_nothing(first, second):
    p = mannwhitneyu(first, second, method="asymptotic").pvalue
    shift = group_shift(first, second, confidence=0.95, exact=False)
    assert shift.low <= shift.shift <= shift.high
    assert p <= 0.05 or shift.low <= 0 <= shift.high


@given(pairs_without_ties)
def test_without_ties_the_approximation_agrees_with_its_test(pair):
    p = mannwhitneyu(*pair, method="asymptotic").pvalue
    shift = group_shift(*pair, confidence=0.95, exact=False)
    assert (shift.low <= 0 <= shift.high) == (p > 0.05)


@given(groups_with_ties, groups_with_ties, st.booleans())
def test_exchanged_groups_have_the_opposite_shift(first, second, exact):
    there = values_of(group_shift(first, second, confidence=0.9, exact=exact))
    back = values_of(group_shift(second, first, confidence=0.9, exact=exact))
    assert there == (-back[0], -back[2], -back[1])


def test_infinite_values_are_the_largest_and_equal_to_each_other():
    first = np.array([1.0, 2.0, 3.0, INF, INF])
    shift = group_shift(first, np.array([INF] * 5), confidence=0.9, exact=False)
    assert values_of(shift) == (INF, 0.0, INF)
    even = group_shift(np.array([1.0, INF]), np.array([1.0, INF]), confidence=0.1, exact=False)
    assert even.shift == 0.0
    apart = group_shift(np.array([INF, 0.0]), np.array([1.0, INF]), confidence=0.1, exact=False)
    assert apart.shift == 0.5


def test_minus_and_plus_infinity_meet_at_zero():
    shift = group_shift(np.array([INF, 0.0]), np.array([5.0, INF]), confidence=0.1, exact=False)
    assert shift.shift == 2.5
    first, second = np.array([INF, INF, 0.0, 0.0]), np.array([INF, 0.0])
    assert group_shift(first, second, confidence=0.1, exact=False).shift == 0.0


@pytest.mark.parametrize("exact", [True, False])
def test_too_few_values_have_no_interval(exact):
    shift = group_shift(np.array([1.0, 2.0]), np.array([3.0, 4.0]), confidence=0.95, exact=exact)
    assert shift.shift == 2.0
    assert math.isnan(shift.low)
    assert math.isnan(shift.high)
