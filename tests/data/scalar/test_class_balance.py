"""Rare classes are counted, drawn more often, and weigh more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.data.scalar.class_balance import (
    class_counts,
    log_counts,
    positive_weights,
    sampling_probabilities,
    stacked_labels,
)
from innereye.data.scalar.items import parse_items
from scalar_tables import labels_table, one_row_layout

NAN = np.nan


def test_counts_of_several_targets():
    labels = np.array([[1, 0], [1, NAN], [0, 0]], np.float32)
    rows = class_counts(labels, ["a", "b"]).to_numpy().tolist()
    assert rows == [["a", 3, 2, 1, 0], ["b", 3, 0, 2, 1]]


def test_positive_weights_are_those_of_the_conformance_case():
    labels = np.array([[1, 0], [1, 0], [0, 0]])
    assert positive_weights(labels).tolist() == [0.5, 1.0]


def test_unknown_labels_have_no_part_in_the_weights():
    assert positive_weights(np.array([[1], [0], [0], [NAN]])).tolist() == [2.0]


@given(st.lists(st.sampled_from([0.0, 1.0, NAN]), min_size=1, max_size=30))
def test_classes_are_drawn_equally_often(labels):
    labels = np.array(labels, np.float32)
    chances = sampling_probabilities(labels[:, None])
    assert chances.sum() == pytest.approx(1)
    shares = [chances[mask].sum() for mask in (labels == 0, labels == 1, np.isnan(labels))]
    assert len({round(share, 9) for share in shares if share}) == 1


def test_no_items_have_no_labels_and_no_chances():
    assert stacked_labels((), 3).shape == (0, 3)
    assert sampling_probabilities(np.zeros((0, 1))).shape == (0,)


def test_labels_of_items_are_stacked():
    items = parse_items(labels_table("1", "0", "1"), one_row_layout()).items
    assert stacked_labels(items, 1).ravel().tolist() == [1, 0, 1]


def test_a_split_with_one_class_is_told(caplog):
    log_counts(np.array([[1, 0], [1, 1]]), ["a", "b"], "Val")
    assert "Val, a: all labels are the same" in caplog.text
    assert "Val, b" not in caplog.text
