"""Classes of which each subject has one: accuracy, and tasks between groups of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from innereye.metrics.scalar.exclusive_classes import between, class_accuracy

NAN = math.nan
classes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 99)), min_size=1, max_size=20)


def drawn(rows):
    labels = np.eye(4)[[own for own, _ in rows]]
    posteriors = np.array([np.random.default_rng(seed).dirichlet(np.ones(4)) for _, seed in rows])
    return labels, posteriors


@given(classes)
def test_scikit_learn_has_the_same_accuracy(rows):
    labels, posteriors = drawn(rows)
    expected = sklearn.accuracy_score(labels.argmax(1), posteriors.argmax(1))
    assert class_accuracy(labels, posteriors) == pytest.approx(expected)


def test_a_task_between_groups_has_the_subjects_of_both_and_their_share():
    labels = np.eye(4)
    posteriors = np.array([[0.4, 0.1, 0.2, 0.3], [0, 0, 0, 1.0], [0.25] * 4, [0.1, 0.2, 0.1, 0.6]])
    truth, outputs = between(labels, posteriors, negative=[0], positive=[3])
    assert truth.tolist() == [0, 1]
    assert outputs.tolist() == pytest.approx([0.3 / 0.7, 0.6 / 0.7])
    truth, outputs = between(labels, posteriors, negative=[1], positive=[2])
    assert outputs.tolist() == [0.5, 0.5]


@given(classes)
def test_swapped_groups_give_the_complement(rows):
    labels, posteriors = drawn(rows)
    truth, outputs = between(labels, posteriors, negative=[0, 3], positive=[1, 2])
    other_truth, other_outputs = between(labels, posteriors, negative=[1, 2], positive=[0, 3])
    np.testing.assert_array_equal(truth, 1 - other_truth)
    np.testing.assert_allclose(outputs, 1 - other_outputs)


def test_subjects_without_a_class_do_not_count():
    labels = np.array([[1, 0], [0, 0], [NAN, 1]])
    posteriors = np.array([[0.9, 0.1]] * 3)
    assert class_accuracy(labels, posteriors) == 1
    assert math.isnan(class_accuracy(labels[1:], posteriors[1:]))
    assert between(labels[1:], posteriors[1:], negative=[0], positive=[1])[0].size == 0
    assert math.isnan(class_accuracy(labels, posteriors * NAN))
