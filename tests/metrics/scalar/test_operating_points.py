"""ROC and PR curves, their areas and the optimal threshold: by hand, as laws, and by scikit-learn."""

import itertools
import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from innereye.metrics.scalar.operating_points import (
    operating_points,
    optimal_threshold,
    pr_curve,
    roc_curve,
)

NAN = math.nan
# Few distinct values, so that many are tied.
pairs = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from(list(np.linspace(0, 1, 9)))),
    min_size=2,
    max_size=40,
)
both_classes = pairs.filter(lambda rows: len({label for label, _ in rows}) == 2)


def columns(rows):
    labels, outputs = np.array(rows, np.float64).reshape(-1, 2).T
    return labels, outputs


def roc_area(labels, outputs):
    return roc_curve(operating_points(labels, outputs)).area


def pr_area(labels, outputs):
    return pr_curve(operating_points(labels, outputs)).area


def test_areas_and_threshold_by_hand():
    # From the top: a hit, a false alarm, a hit, a rejection; 3 of 4 pairs are in order.
    points = operating_points([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])
    assert roc_curve(points).area == 0.75
    # Recall 0 to 1/2 at precision 1, then from 1/2 to 2/3.
    assert pr_curve(points).area == pytest.approx(0.5 + 0.5 * (1 / 2 + 2 / 3) / 2)
    # Two thresholds gain 1/2: the higher one counts.
    assert optimal_threshold(points) == np.float32(0.9)


@given(both_classes)
def test_the_roc_area_is_the_chance_that_a_pair_is_in_order(rows):
    labels, outputs = columns(rows)
    won = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for one, other in itertools.product(outputs[labels == 1], outputs[labels == 0])
    ]
    assert roc_area(labels, outputs) == pytest.approx(np.mean(won))


@given(both_classes)
def test_monotone_maps_leave_the_curves_as_they_are(rows):
    labels, outputs = columns(rows)
    before, after = operating_points(labels, outputs), operating_points(labels, outputs**3 / 2)
    for curve in (roc_curve, pr_curve):
        np.testing.assert_array_equal(curve(before).y, curve(after).y)


@given(both_classes)
def test_other_labels_give_the_complement(rows):
    labels, outputs = columns(rows)
    assert roc_area(1 - labels, outputs) == pytest.approx(1 - roc_area(labels, outputs))


@given(both_classes, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    plain = operating_points(*columns(rows))
    shuffled = operating_points(*columns(random.sample(rows, len(rows))))
    np.testing.assert_array_equal(plain.thresholds, shuffled.thresholds)
    np.testing.assert_array_equal(plain.true_positives, shuffled.true_positives)


@given(both_classes)
def test_scikit_learn_has_the_same_areas(rows):
    labels, outputs = columns(rows)
    precision, recall, _ = sklearn.precision_recall_curve(labels, outputs)
    assert roc_area(labels, outputs) == pytest.approx(sklearn.roc_auc_score(labels, outputs), 1e-6)
    assert pr_area(labels, outputs) == pytest.approx(sklearn.auc(recall, precision), 1e-6)


@given(both_classes)
def test_scikit_learn_has_the_same_gain_at_the_threshold(rows):
    labels, outputs = columns(rows)
    false_rate, true_rate, thresholds = sklearn.roc_curve(
        labels, outputs.astype(np.float32), drop_intermediate=False
    )
    gain = true_rate - false_rate
    first = thresholds[int(np.argmax(gain > gain.max() - 1e-9))]
    expected = first if math.isfinite(first) else outputs.astype(np.float32).max() + 1
    assert optimal_threshold(operating_points(labels, outputs)) == pytest.approx(expected)


def test_many_random_rows_as_scikit_learn():
    draw = np.random.default_rng(1)
    labels = draw.integers(0, 2, 5000)
    outputs = draw.random(5000).astype(np.float32)
    precision, recall, _ = sklearn.precision_recall_curve(labels, outputs)
    assert roc_area(labels, outputs) == pytest.approx(sklearn.roc_auc_score(labels, outputs), 1e-9)
    assert pr_area(labels, outputs) == pytest.approx(sklearn.auc(recall, precision), abs=1e-9)


@pytest.mark.parametrize("labels", [[], [1], [1, 1], [0, 0, 0], [NAN, NAN], [1, NAN]])
def test_one_class_has_no_curve_no_area_and_no_threshold(labels):
    points = operating_points(labels, np.linspace(0.1, 0.9, len(labels)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        areas = [roc_curve(points).area, pr_curve(points).area, optimal_threshold(points)]
    assert np.isnan(areas).all()


def test_a_model_that_is_always_wrong_is_best_at_a_threshold_that_no_output_reaches():
    assert optimal_threshold(operating_points([0, 1], [0.75, 0.25])) == 1.75


def test_rows_without_a_label_do_not_count():
    assert roc_area([1, 0, NAN], [0.9, 0.1, 0.95]) == 1
    assert operating_points([1, 0, NAN], [0.9, 0.1, 0.95]).thresholds.size == 3


def test_an_output_that_is_no_number_leaves_no_curve():
    assert math.isnan(roc_area([1, 0, 1], [0.9, 0.1, NAN]))


def test_outputs_that_differ_beyond_32_bits_are_tied():
    assert roc_area([1, 0], [0.5 + 1e-12, 0.5]) == 0.5


def test_the_pr_curve_ends_where_all_positives_are_found():
    curve = pr_curve(operating_points([1, 0, 0], [0.9, 0.5, 0.1]))
    assert (curve.x.tolist(), curve.y.tolist()) == ([0, 1], [1, 1])


def test_labels_and_outputs_must_belong_together():
    with pytest.raises(ValueError, match=r"\(2,\) and outputs \(3,\)"):
        operating_points([1, 0], [0.1, 0.2, 0.3])
