"""Temperature scaling: finds what was done to the logits, and never worsens what it is fitted on."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.metrics.scalar.cross_entropy import cross_entropy_of_logits, posteriors_of
from innereye.metrics.scalar.operating_points import operating_points, roc_curve
from innereye.metrics.scalar.temperature import calibrated, calibration, fit_temperature


def honest(number=4000, seed=0):
    """Return logits, and labels drawn with just the posteriors that these say."""
    draw = np.random.default_rng(seed)
    logits = draw.normal(scale=2, size=number)
    return (draw.random(number) < posteriors_of(logits)).astype(float), logits


@pytest.mark.parametrize("factor", [0.25, 1, 3])
def test_logits_that_were_multiplied_are_divided_again(factor):
    labels, logits = honest()
    assert fit_temperature(labels, logits * factor) == pytest.approx(factor, rel=0.06)


def test_an_overconfident_model_is_calibrated():
    labels, logits = honest()
    outputs = posteriors_of(logits * 3)
    before = calibration(labels, outputs)
    after = calibration(labels, outputs, temperature=fit_temperature(labels, logits * 3))
    assert after.expected_calibration_error < 0.03 < 0.1 < before.expected_calibration_error
    assert after.cross_entropy < before.cross_entropy
    assert after.brier_score < before.brier_score


@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 1.0]), st.floats(-8, 8)), min_size=2, max_size=20
    ).filter(lambda rows: len({label for label, _ in rows}) == 2)
)
def test_no_other_temperature_is_better(rows):
    labels, logits = np.array(rows).T
    best = cross_entropy_of_logits(labels, logits / fit_temperature(labels, logits))
    others = np.geomspace(0.02, 90, 25)
    assert all(best <= cross_entropy_of_logits(labels, logits / t) + 1e-6 for t in others)


def test_the_order_of_outputs_stays():
    labels, logits = honest(50)
    outputs = posteriors_of(logits)
    areas = [
        roc_curve(operating_points(labels, found)).area
        for found in (outputs, calibrated(outputs, temperature=2.5))
    ]
    assert areas[0] == areas[1]


@pytest.mark.parametrize(
    ("labels", "logits"), [([], []), ([1, 1], [0.5, 2]), ([1, 0], [math.inf, 0]), ([math.nan], [1])]
)
def test_where_nothing_can_be_fitted_nothing_changes(labels, logits):
    assert fit_temperature(labels, logits) == 1


def test_labels_that_all_lie_on_their_side_end_at_the_lowest_temperature():
    assert fit_temperature([1, 0], [1, -1]) == pytest.approx(0.01, rel=0.5)
