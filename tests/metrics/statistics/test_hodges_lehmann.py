"""The Hodges-Lehmann shift: the definition itself, textbook intervals, and infinite differences."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from innereye.metrics.statistics.hodges_lehmann import hodges_lehmann
from innereye.metrics.statistics.rank_distribution import lower_position

INF, NAN = math.inf, math.nan
differences = st.lists(st.integers(-2000, 2000), min_size=1, max_size=60).map(
    lambda values: np.array(values) / 10
)


def walsh_averages(values):
    rows, columns = np.triu_indices(len(values))
    return np.sort((values[rows] + values[columns]) / 2)


def numbers(shift):
    return shift.shift, shift.low, shift.high


@given(differences)
def test_the_shift_is_the_median_of_all_averages_of_two(values):
    assert hodges_lehmann(values).shift == pytest.approx(np.median(walsh_averages(values)))


@given(differences.filter(lambda values: len(values) >= 6))
def test_the_interval_lies_between_averages_counted_from_both_ends(values):
    averages = walsh_averages(values)
    position = lower_position(len(values), (1 - 0.95) / 2)
    found = hodges_lehmann(values)
    assert found.low == pytest.approx(averages[position - 1])
    assert found.high == pytest.approx(averages[-position])
    assert found.low <= found.shift <= found.high


# Tables of the signed-rank test: critical sums of ranks, two-sided 0.05.
@pytest.mark.parametrize(
    ("count", "critical"),
    [(6, 0), (7, 2), (8, 3), (10, 8), (15, 25), (20, 52), (30, 137), (50, 434)],
)
def test_positions_are_those_of_the_tables(count, critical):
    assert lower_position(count, 0.025) == critical + 1


def test_a_tail_that_is_met_exactly_counts_as_met():
    assert lower_position(5, 1 / 32) == 1
    assert lower_position(5, 1 / 32 - 1e-9) == 0


def test_five_differences_have_no_interval_of_95_percent_but_one_of_90():
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert numbers(hodges_lehmann(values)) == pytest.approx((3, NAN, NAN), nan_ok=True)
    assert numbers(hodges_lehmann(values, confidence=0.9)) == (3, 1, 5)


def test_the_interval_holds_the_shifts_that_the_test_does_not_reject():
    values = np.random.default_rng(4).normal(0.5, 1, 12)
    found = hodges_lehmann(values)
    for edge, outside in ((found.low, -1e-9), (found.high, 1e-9)):
        assert stats.wilcoxon(values - edge - outside, method="exact").pvalue < 0.05
        assert stats.wilcoxon(values - edge + outside, method="exact").pvalue > 0.05


def test_the_approximation_above_fifty_is_near_the_exact_place():
    rejected = [
        total
        for total in range(600, 700)
        if stats.wilcoxon(*_with_rank_sum(60, total), method="exact").pvalue <= 0.05
    ]
    assert abs(lower_position(60, 0.025) - (max(rejected) + 1)) <= 1


def _with_rank_sum(count, total):
    """Return gains whose positive ranks have this sum."""
    signs = -np.ones(count)
    for rank in range(count, 0, -1):
        if rank <= total:
            signs[rank - 1] = 1
            total -= rank
    return (signs * np.arange(1, count + 1),)


@given(differences, st.sampled_from([0.5, 2.0, 8.0]))
def test_a_change_of_unit_scales_the_shift(values, factor):
    scaled = hodges_lehmann(values * factor)
    expected = np.array(numbers(hodges_lehmann(values))) * factor
    assert numbers(scaled) == pytest.approx(tuple(expected), nan_ok=True)


@given(differences, st.integers(-100, 100))
def test_a_constant_moves_the_shift(values, constant):
    moved = hodges_lehmann(values + constant)
    expected = np.array(numbers(hodges_lehmann(values))) + constant
    assert numbers(moved) == pytest.approx(tuple(expected), nan_ok=True, abs=1e-9)


@given(st.lists(st.sampled_from([-INF, -2.5, -1.0, 0.0, 1.0, 4.0, INF]), min_size=1, max_size=15))
def test_turned_signs_mirror_the_shift_with_infinite_differences_too(values):
    found, mirrored = hodges_lehmann(np.array(values)), hodges_lehmann(-np.array(values))
    assert not math.isnan(found.shift)
    assert numbers(mirrored) == pytest.approx((-found.shift, -found.high, -found.low), nan_ok=True)


@pytest.mark.parametrize(
    ("values", "shift"),
    [
        ([INF, INF, 1.0], INF),
        # Of ten averages four are infinite, the others 1, 1.5, 2, 2, 2.5, 3.
        ([INF, 1.0, 2.0, 3.0], 2.75),
        ([-INF, -INF, -INF, 5.0], -INF),
        ([INF, -INF], 0.0),
        ([INF, -INF, 2.0], 1.0),
    ],
)
def test_infinite_differences_pull_but_do_not_spoil(values, shift):
    assert hodges_lehmann(np.array(values)).shift == shift


def test_many_infinite_differences_leave_the_interval_open_on_their_side():
    values = np.array([INF] * 6 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    found = hodges_lehmann(values)
    assert found.high == INF
    assert math.isfinite(found.low)


def test_nothing_has_no_shift():
    assert np.isnan(numbers(hodges_lehmann(np.array([])))).all()
