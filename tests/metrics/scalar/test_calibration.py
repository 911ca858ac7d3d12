"""Calibration: 0 for posteriors that come true, as far off as they are otherwise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn
from sklearn.calibration import calibration_curve

from innereye.metrics.scalar.calibration import (
    brier_score,
    expected_calibration_error,
    reliability_table,
)

NAN = math.nan
rows = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.floats(0, 1)), min_size=1, max_size=40)


def columns(pairs):
    return np.array(pairs, np.float64).reshape(-1, 2).T


@given(st.lists(st.integers(0, 10), min_size=1, max_size=6, unique=True))
def test_posteriors_that_come_true_have_no_error(tenths):
    labels = [float(row < tenth) for tenth in tenths for row in range(10)]
    outputs = np.repeat(tenths, 10) / 10
    assert expected_calibration_error(labels, outputs) == pytest.approx(0, abs=1e-9)


def test_the_error_by_hand():
    # Bin of 0.9: one of two came true, 0.4 too high; bin of 0.1: none of two, 0.1 too high.
    found = expected_calibration_error([1, 0, 0, 0], [0.9, 0.9, 0.1, 0.1])
    assert found == pytest.approx((2 * 0.4 + 2 * 0.1) / 4)


@given(rows)
def test_the_error_is_the_weighted_gap_of_the_table(pairs):
    labels, outputs = columns(pairs)
    table = reliability_table(labels, outputs).query("count > 0")
    gaps = (table["mean_output"] - table["observed_rate"]).abs()
    expected = (gaps * table["count"]).sum() / table["count"].sum()
    assert expected_calibration_error(labels, outputs) == pytest.approx(expected, abs=1e-9)


def test_scikit_learn_has_the_same_reliability():
    draw = np.random.default_rng(3)
    outputs = draw.random(500)
    labels = (draw.random(500) < outputs**2).astype(float)
    rate, mean_output = calibration_curve(labels, outputs, n_bins=15)
    table = reliability_table(labels, outputs)
    assert table["observed_rate"].tolist() == pytest.approx(rate.tolist())
    assert table["mean_output"].tolist() == pytest.approx(mean_output.tolist())


@given(rows)
def test_every_row_is_in_one_bin_and_its_interval_holds_the_rate(pairs):
    table = reliability_table(*columns(pairs), bins=7)
    assert table["count"].sum() == len(pairs)
    filled = table.query("count > 0")
    assert (filled["bin_low"] - 1e-9 <= filled["mean_output"]).all()
    assert (filled["mean_output"] <= filled["bin_high"] + 1e-9).all()
    assert (filled["observed_low"] <= filled["observed_rate"] + 1e-9).all()
    assert (filled["observed_rate"] <= filled["observed_high"] + 1e-9).all()


@given(rows)
def test_scikit_learn_has_the_same_brier_score(pairs):
    labels, outputs = columns(pairs)
    expected = sklearn.brier_score_loss(labels, outputs, pos_label=1)
    assert brier_score(labels, outputs) == pytest.approx(expected, abs=1e-9)


def test_nothing_to_calibrate_is_no_error():
    for compute in (brier_score, expected_calibration_error):
        assert math.isnan(compute([], []))
        assert math.isnan(compute([NAN], [0.5]))
        assert math.isnan(compute([1, 0], [0.5, NAN]))
    assert reliability_table([], [])["count"].tolist() == [0] * 15
    assert reliability_table([1, 0], [0.5, NAN])["count"].sum() == 1
