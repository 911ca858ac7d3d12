"""Cross entropy: finite for any posterior, exact for any logit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from innereye.metrics.scalar.cross_entropy import (
    cross_entropy,
    cross_entropy_of_logits,
    logits_of,
    posteriors_of,
)

NAN = math.nan
labels = st.sampled_from([0.0, 1.0])


def test_two_rows_by_hand():
    assert cross_entropy([1, 0], [0.5, 0.25]) == pytest.approx((math.log(2) - math.log(0.75)) / 2)


@given(st.lists(st.tuples(labels, st.floats(1e-6, 1 - 1e-6)), min_size=1, max_size=30))
def test_scikit_learn_has_the_same(rows):
    truth, outputs = np.array(rows).T
    expected = sklearn.log_loss(truth, outputs, labels=[0, 1])
    assert cross_entropy(truth, outputs) == pytest.approx(expected, abs=1e-6)


@given(st.lists(st.tuples(labels, st.floats(-12, 12)), min_size=1, max_size=30))
def test_logits_and_their_posteriors_have_the_same(rows):
    truth, logits = np.array(rows).T
    expected = cross_entropy(truth, posteriors_of(logits))
    assert cross_entropy_of_logits(truth, logits) == pytest.approx(expected, abs=1e-5)


def test_a_sure_model_that_is_wrong_is_told_by_how_much():
    assert cross_entropy_of_logits([0, 1], [1000, -500]) == 750
    assert cross_entropy([0, 1], [1, 0]) == pytest.approx(-math.log(np.finfo(np.float32).eps))


def test_a_sure_model_that_is_right_loses_nothing():
    assert cross_entropy_of_logits([1, 0], [1000, -1000]) == 0
    assert cross_entropy([1, 0], [1, 0]) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("compute", [cross_entropy, cross_entropy_of_logits])
def test_labels_that_are_unknown_do_not_count_and_none_have_no_value(compute):
    assert compute([1, NAN], [0.3, NAN]) == compute([1], [0.3])
    assert math.isnan(compute([NAN], [0.3]))
    assert math.isnan(compute([], []))
    assert math.isnan(compute([1], [NAN]))


@given(st.floats(-10, 10))
def test_logits_come_back(logit):
    assert logits_of(posteriors_of(logit)) == pytest.approx(logit, abs=1e-6)
