"""What is far from the rest is found, however far it is and on either side."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.metrics.robust_outliers import is_far, robust_z

NUMBERS = st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=40)


def test_deviations_are_those_of_a_normal_distribution():
    values = np.random.default_rng(0).normal(50, 4, 20_000)
    assert robust_z(values) == pytest.approx((values - 50) / 4, abs=0.15)


def test_outliers_do_not_hide_each_other():
    values = np.array([10.0, 11, 12, 10, 11, 12, 11, 500, 600, -900])
    assert is_far(values, outlier_range=3).tolist() == [False] * 7 + [True] * 3


def test_one_that_differs_from_equal_ones_is_far():
    assert is_far(np.array([1.0] * 9 + [2.0]), outlier_range=3).tolist() == [False] * 9 + [True]


@pytest.mark.parametrize("values", [[1.0, 1, 1, 99], [7.0] * 8, []])
def test_of_few_or_equal_numbers_none_is_far(values):
    assert not robust_z(np.array(values)).any()


def test_what_is_missing_stays_so_and_is_not_far():
    values = np.array([1.0, 2, 3, 4, 5, np.nan, 90])
    assert np.flatnonzero(np.isnan(robust_z(values))).tolist() == [5]
    assert np.flatnonzero(is_far(values, outlier_range=3)).tolist() == [6]


@settings(max_examples=30)
@given(values=NUMBERS, factor=st.sampled_from([0.5, 2.0, 8.0]), shift=st.integers(-50, 50))
def test_units_do_not_matter(values, factor, shift):
    plain = robust_z(np.array(values))
    assert robust_z(np.array(values) * factor + shift) == pytest.approx(plain, abs=1e-9)
    assert robust_z(-np.array(values)) == pytest.approx(-plain, abs=1e-9)
