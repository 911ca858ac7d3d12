"""Confidence intervals: Student's t over finite values, the others counted and told."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from innereye.metrics.confidence import confidence_table, mean_with_interval

NAN, INF = math.nan, math.inf


def test_the_interval_of_three_values_by_hand():
    # mean 12, standard error 1 / sqrt(3), t(0.975, 2 degrees of freedom) = 4.302653
    interval = mean_with_interval([11.0, 12.0, 13.0], highest=INF)
    reach = 4.302653 / math.sqrt(3)
    assert (interval.ci_low, interval.ci_high) == pytest.approx((12 - reach, 12 + reach), abs=1e-6)
    assert interval.count == 3


@pytest.mark.parametrize("values", [[], [0.5], [NAN, 0.5], [INF, 0.5]])
def test_fewer_than_two_values_have_no_interval(values):
    interval = mean_with_interval(values, highest=INF)
    assert math.isnan(interval.ci_low)
    assert math.isnan(interval.ci_high)


def test_infinite_and_missing_values_are_counted_and_told():
    interval = mean_with_interval([1.0, 3.0, INF, INF, NAN], highest=INF)
    assert (interval.count, interval.count_infinite, interval.count_missing) == (2, 2, 1)
    assert interval.mean == 2
    assert str(interval).endswith(", 2 of 4 infinite")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0.5, 0.5], "0.500 (0.500 to 0.500)"),
        ([0.5], "0.500"),
        ([INF], "no finite value, 1 of 1 infinite"),
        ([NAN], "no value"),
    ],
)
def test_an_interval_reads_well(values, text):
    assert str(mean_with_interval(values, highest=INF)) == text


def test_the_table_has_a_row_for_each_metric_and_structure():
    metrics = pd.DataFrame(
        {
            "Patient": ["1", "2"],
            "Structure": ["b", "a"],
            "Dice": [1, 0],
            "MeanDistance_mm": [2, INF],
        }
    )
    table = confidence_table(metrics, columns=["MeanDistance_mm", "Dice"])
    assert table[["Metric", "Structure", "count", "count_infinite"]].to_numpy().tolist() == [
        ["MeanDistance_mm", "a", 0, 1],
        ["MeanDistance_mm", "b", 1, 0],
        ["Dice", "a", 1, 0],
        ["Dice", "b", 1, 0],
    ]


@given(st.lists(st.floats(0, 100), min_size=2, max_size=30).filter(lambda v: np.std(v) > 1e-6))
def test_scipy_gives_the_same_interval(values):
    expected = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    interval = mean_with_interval(values, highest=INF)
    assert (interval.ci_low, interval.ci_high) == pytest.approx((max(expected[0], 0), expected[1]))


def test_an_interval_ends_where_scores_end():
    interval = mean_with_interval([0.0, 1.0], highest=1.0)
    assert (interval.ci_low, interval.ci_high) == (0.0, 1.0)
