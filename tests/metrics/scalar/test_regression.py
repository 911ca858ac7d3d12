"""Regression: errors as scikit-learn has them, no explained variance where there is no variance."""

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from innereye.metrics.scalar.regression import regression_metrics

NAN = math.nan
numbers = st.floats(-1e3, 1e3)
varied = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=30).filter(
    lambda rows: np.std([label for label, _ in rows]) > 0.1
)


def test_three_rows_by_hand():
    # Errors -1, 0, 2; labels 1, 2, 6 have the variance 14 / 3, errors 14 / 9.
    found = regression_metrics([1, 2, 6], [2, 2, 4])
    assert found.mean_absolute_error == 1
    assert found.mean_squared_error == pytest.approx(5 / 3)
    assert found.explained_variance == pytest.approx(1 - (14 / 9) / (14 / 3))
    assert found.r2 == pytest.approx(1 - (5 / 3) / (14 / 3))


@given(varied)
def test_scikit_learn_has_the_same(rows):
    labels, outputs = np.array(rows).T
    found = regression_metrics(labels, outputs)
    expected = (
        sklearn.mean_absolute_error(labels, outputs),
        sklearn.mean_squared_error(labels, outputs),
        sklearn.explained_variance_score(labels, outputs),
        sklearn.r2_score(labels, outputs),
        len(rows),
    )
    assert tuple(asdict(found).values()) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(varied, st.floats(-100, 100))
def test_an_offset_leaves_the_explained_variance_and_lowers_r2(rows, offset):
    labels, outputs = np.array(rows).T
    centred = outputs - np.mean(outputs - labels)
    plain, moved = (regression_metrics(labels, centred + shift) for shift in (0, offset))
    assert moved.explained_variance == pytest.approx(plain.explained_variance, rel=1e-6, abs=1e-6)
    assert moved.r2 <= plain.r2 + 1e-9


@pytest.mark.parametrize("labels", [[7], [0.1, 0.1, 0.1]])
def test_equal_labels_have_errors_and_no_explained_variance(labels):
    found = regression_metrics(labels, [1] * len(labels))
    assert found.mean_absolute_error > 0
    assert math.isnan(found.explained_variance)
    assert math.isnan(found.r2)


@pytest.mark.parametrize("labels", [[], [NAN]])
def test_no_rows_have_no_metric(labels):
    found = regression_metrics(labels, [1] * len(labels))
    assert found.subject_count == 0
    assert math.isnan(found.mean_squared_error)


def test_labels_that_are_unknown_do_not_count():
    assert regression_metrics([1, NAN, 3], [2, 9, 5]) == regression_metrics([1, 3], [2, 5])


@pytest.mark.parametrize("output", [NAN, math.inf])
def test_a_training_that_diverged_is_told_and_raises_nothing(output):
    found = regression_metrics([1, 2], [1, output])
    assert not math.isfinite(found.mean_squared_error)
    assert found.subject_count == 2
