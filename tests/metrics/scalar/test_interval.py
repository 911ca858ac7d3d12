"""Closed forms of intervals: they cover the truth, and have a width at the ends of the scale."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from innereye.metrics.scalar.interval import Z, newcombe, wilson
from innereye.metrics.scalar.operating_points import operating_points, roc_curve

NAN = math.nan


@given(st.integers(1, 200), st.floats(0, 1))
def test_statsmodels_has_the_same_interval_of_a_rate(total, part):
    count = round(part * total)
    found = wilson(count, total)
    expected = proportion_confint(count, total, method="wilson")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_a_rate_of_nothing_has_no_interval():
    assert math.isnan(wilson(0, 0).low)


@given(st.floats(0, 1), st.integers(1, 300), st.integers(1, 300))
def test_an_area_lies_in_its_interval_which_lies_on_the_scale(area, positives, negatives):
    found = newcombe(area, positives=positives, negatives=negatives)
    assert 0 <= found.low <= area + 1e-9
    assert area - 1e-9 <= found.high <= 1
    assert found.high > found.low


@given(st.floats(0, 1), st.integers(1, 300), st.integers(1, 300))
def test_other_labels_give_the_mirrored_interval(area, positives, negatives):
    found = newcombe(area, positives=positives, negatives=negatives)
    mirrored = newcombe(1 - area, positives=negatives, negatives=positives)
    assert (found.low, found.high) == pytest.approx((1 - mirrored.high, 1 - mirrored.low), abs=1e-6)


@given(st.floats(0.05, 0.95), st.integers(2, 300), st.integers(2, 300))
def test_each_end_is_as_far_as_its_own_standard_error_allows(area, positives, negatives):
    found = newcombe(area, positives=positives, negatives=negatives)
    others = (positives + negatives) / 2 - 1
    for end in (found.low, found.high):
        first, second = end / (2 - end), 2 * end**2 / (1 + end)  # Hanley and McNeil's Q1 and Q2
        variance = end * (1 - end) + others * (first - end**2 + second - end**2)
        error = math.sqrt(variance / (positives * negatives))
        assert abs(area - end) == pytest.approx(Z * error, rel=1e-6)


def test_the_interval_covers_the_true_area_in_about_19_of_20_samples():
    draw = np.random.default_rng(0)
    labels = np.repeat([0, 1], [30, 20])
    truth, covered, samples = 0.8556, 0, 600  # that of normal outputs 1.5 apart
    for _ in range(samples):
        outputs = draw.normal(1.5 * labels)
        area = roc_curve(operating_points(labels, outputs)).area
        found = newcombe(area, positives=20, negatives=30)
        covered += found.low <= truth <= found.high
    assert 0.925 <= covered / samples <= 0.98


def test_a_perfect_area_of_few_subjects_is_not_certain():
    found = newcombe(1.0, positives=5, negatives=5)
    assert found.high == 1
    assert 0.5 < found.low < 0.8


@pytest.mark.parametrize(("area", "positives"), [(NAN, 5), (0.5, 0)])
def test_one_class_has_no_interval(area, positives):
    assert math.isnan(newcombe(area, positives=positives, negatives=5).low)
