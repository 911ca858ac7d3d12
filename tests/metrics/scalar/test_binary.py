"""Metrics of a binary classifier: one rule for thresholds, NaN where there is nothing to measure."""

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from innereye.metrics.scalar.binary import (
    BINARY_METRICS,
    accuracy_at_half,
    binary_metrics,
    confusion,
)

NAN = math.nan
rows = st.lists(st.tuples(st.sampled_from([0.0, 1.0, NAN]), st.floats(0, 1, width=32)), max_size=30)


def columns(pairs):
    return np.array(pairs, np.float64).reshape(-1, 2).T


def test_the_metrics_by_hand():
    # The optimal threshold is 0.8: both positives are found, and one of four negatives.
    found = binary_metrics([1, 1, 0, 0, 0, 0], [0.9, 0.8, 0.6, 0.3, 0.9, 0.4])
    assert found.optimal_threshold == np.float32(0.8)
    assert found.false_positive_rate_at_optimal_threshold == 0.25
    assert found.false_negative_rate_at_optimal_threshold == 0
    assert found.accuracy_at_optimal_threshold == pytest.approx(5 / 6)
    assert found.accuracy_at_threshold_05 == pytest.approx(4 / 6)
    assert found.area_under_roc_curve == 0.8125
    assert found.subject_count == 6


@given(rows)
def test_accuracy_and_rates_at_the_optimal_threshold_are_of_the_same_predictions(pairs):
    found = binary_metrics(*columns(pairs))
    if math.isnan(found.optimal_threshold):
        return
    labels = [label for label, _ in pairs if not math.isnan(label)]
    positives, negatives = labels.count(1.0), labels.count(0.0)
    wrong = found.false_negative_rate_at_optimal_threshold * positives
    wrong += found.false_positive_rate_at_optimal_threshold * negatives
    assert found.accuracy_at_optimal_threshold == pytest.approx(1 - wrong / len(labels))


@given(rows)
def test_rows_without_a_label_change_nothing(pairs):
    labels, outputs = columns(pairs)
    known = ~np.isnan(labels)
    assert asdict(binary_metrics(labels, outputs)) == pytest.approx(
        asdict(binary_metrics(labels[known], outputs[known])), nan_ok=True
    )


@given(rows)
def test_scikit_learn_has_the_same_accuracy(pairs):
    labels, outputs = columns([pair for pair in pairs if not math.isnan(pair[0])])
    if not labels.size:
        return
    found = binary_metrics(labels, outputs)
    expected = sklearn.accuracy_score(labels, outputs > 0.5)
    assert found.accuracy_at_threshold_05 == pytest.approx(expected, abs=1e-6)
    if not math.isnan(found.optimal_threshold):
        predicted = outputs >= found.optimal_threshold
        assert found.accuracy_at_optimal_threshold == pytest.approx(
            sklearn.accuracy_score(labels, predicted), abs=1e-6
        )


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_has_accuracy_at_half_and_cross_entropy_and_nothing_else(label):
    found = asdict(binary_metrics([label] * 3, [0.2, 0.7, 0.6]))
    has_value = {name for name, value in found.items() if not math.isnan(value)}
    assert has_value == {"accuracy_at_threshold_05", "cross_entropy", "subject_count"}


@pytest.mark.parametrize("labels", [[], [NAN, NAN]])
def test_no_rows_have_no_metric(labels):
    found = asdict(binary_metrics(labels, [0.5] * len(labels)))
    assert found.pop("subject_count") == 0
    assert np.isnan(list(found.values())).all()


def test_an_output_that_is_no_number_leaves_the_count_alone():
    found = asdict(binary_metrics([1, 0, 1], [0.9, NAN, 0.8]))
    assert found.pop("subject_count") == 3
    assert np.isnan(list(found.values())).all()


def test_a_threshold_belongs_to_the_positive_side_and_one_half_does_not():
    assert confusion([1], [0.25], threshold=0.25).true_positives == 1
    assert accuracy_at_half([1], [0.5]) == 0


def test_nothing_is_counted_where_an_output_or_the_threshold_is_no_number():
    assert confusion([1, 0], [NAN, 0.2], threshold=0.5) == confusion([], [], threshold=0.5)
    assert confusion([1, 0], [0.7, 0.2], threshold=NAN) == confusion([], [], threshold=0.5)


def test_a_threshold_of_zero_is_a_threshold():
    counts = confusion([1, 0], [0.3, 0.0], threshold=0.0)
    assert (counts.true_positives, counts.false_positives) == (1, 1)


def test_the_columns_are_those_of_the_aggregates():
    assert ",".join(BINARY_METRICS) == (
        "area_under_roc_curve,area_under_pr_curve,accuracy_at_optimal_threshold,"
        "false_positive_rate_at_optimal_threshold,false_negative_rate_at_optimal_threshold,"
        "optimal_threshold,cross_entropy,accuracy_at_threshold_05,subject_count"
    )
