"""Bands of ROC and PR curves: around the curve, narrower with more subjects, medians over folds."""

import numpy as np
import pytest

from innereye.metrics.scalar.curve_bands import PR, ROC, fold_band, heights, subject_band
from innereye.metrics.scalar.operating_points import Curve, operating_points


def drawn(number):
    draw = np.random.default_rng(number)
    labels = np.arange(number) % 2
    return labels, draw.normal(1.2 * labels), [str(row) for row in range(number)]


@pytest.mark.parametrize("kind", [ROC, PR])
def test_a_curve_lies_in_its_band(kind):
    labels, outputs, subjects = drawn(80)
    band = subject_band(labels, outputs, subjects, kind=kind, resamples=200)
    curve = heights(kind(operating_points(labels, outputs)))
    inside = (band["low"] - 1e-9 <= curve) & (curve <= band["high"] + 1e-9)
    assert inside.mean() > 0.97
    assert band["x"].tolist() == pytest.approx(np.linspace(0, 1, 101))


def test_more_subjects_make_the_band_narrower():
    few, many = (subject_band(*drawn(n), kind=ROC, resamples=150) for n in (30, 480))
    assert (many["high"] - many["low"]).mean() < 0.5 * (few["high"] - few["low"]).mean()


def test_a_band_is_the_same_every_time_and_in_any_order_of_rows():
    labels, outputs, subjects = drawn(20)
    band = subject_band(labels, outputs, subjects, kind=PR, resamples=50)
    turned = subject_band(labels[::-1], outputs[::-1], subjects[::-1], kind=PR, resamples=50)
    assert band.equals(turned)


def test_one_class_has_no_band():
    band = subject_band([1, 1], [0.2, 0.4], ["a", "b"], kind=ROC, resamples=10)
    assert band[["low", "high"]].isna().all(axis=None)


def test_folds_have_a_median_and_the_middle_80_percent():
    curves = [Curve(np.array([0.0, 1.0]), np.array([h, h])) for h in (0.1, 0.2, 0.4, 0.6, 0.9)]
    band = fold_band([*curves, Curve(np.empty(0), np.empty(0))])
    assert set(band["median"]) == {0.4}
    assert band["low"].to_numpy() == pytest.approx(0.14)
    assert band["high"].to_numpy() == pytest.approx(0.78)


def test_between_points_a_curve_is_straight_and_no_fold_has_no_median():
    assert heights(Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0])))[25] == pytest.approx(0.25)
    assert fold_band([])["median"].isna().all()
