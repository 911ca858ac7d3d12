"""Voxels are counted by structure, shared ones too, and parts are told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from innereye.metrics.label_statistics import (
    boxed,
    components_of,
    overlap_counts,
    pair_overlaps,
    volume_ml,
    voxel_counts,
)
from phantoms import box

# The original's cases (conformance vectors "label statistics" 0 and 2).
FOUR = {
    "spleen": [[0, 1], [1, 1]],
    "liver": [[0, 1], [1, 0]],
    "prostate": [[0, 0], [0, 1]],
    "bladder": [[1, 0], [0, 0]],
}
MASKS = arrays(np.bool_, (3, 4, 5))


def boxed_all(masks):
    return {name: boxed(np.asarray(mask, dtype=bool)) for name, mask in masks.items()}


def test_overlaps_of_the_original():
    expected = {"spleen": 3, "liver": 2, "prostate": 1, "bladder": 0}
    assert overlap_counts(boxed_all(FOUR)) == expected
    assert pair_overlaps(boxed_all(FOUR)) == {("spleen", "liver"): 2, ("spleen", "prostate"): 1}


def test_voxels_of_the_original():
    labels = np.zeros((3, 3, 3, 3), np.uint8)
    for place in [(0, 0, 0, 0), (0, 0, 0, 1), (1, 0, 0, 2), (2, 0, 1, 0)]:
        labels[place] = 1
    assert voxel_counts(labels).tolist() == [2, 1, 1]
    assert voxel_counts(np.stack([labels] * 5)).tolist() == [[2, 1, 1]] * 5


def test_labels_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="Labels are"):
        voxel_counts(np.zeros((3, 3, 3)))


@settings(max_examples=40)
@given(masks=st.lists(MASKS, min_size=1, max_size=4))
def test_overlaps_are_those_of_the_whole_masks(masks):
    names = [str(index) for index in range(len(masks))]
    found = boxed_all(dict(zip(names, masks, strict=True)))
    together = np.sum(masks, axis=0)
    expected = [int(np.sum(mask & (together > 1))) for mask in masks]
    assert list(overlap_counts(found).values()) == expected
    pairs = {
        (a, b): int(np.sum(masks[int(a)] & masks[int(b)])) for a in names for b in names if a < b
    }
    assert pair_overlaps(found) == {pair: count for pair, count in pairs.items() if count}


def test_no_structure_overlaps_nothing():
    assert overlap_counts({}) == {}
    assert pair_overlaps({}) == {}


@pytest.mark.parametrize(
    ("masks", "count", "share"),
    [
        ([], 0, 0.0),
        ([((2, 2, 2), (4, 4, 4))], 1, 1.0),
        ([((0, 0, 0), (1, 1, 3)), ((5, 5, 5), (6, 6, 6))], 2, 0.75),
        ([((0, 0, 0), (1, 1, 1)), ((1, 1, 1), (2, 2, 2))], 1, 1.0),  # they touch at a corner
    ],
)
def test_parts_of_a_mask(masks, count, share):
    mask = sum((box(*ends) for ends in masks), np.zeros((12, 20, 24), np.uint8))
    found = components_of(boxed(mask > 0))
    assert (found.count, found.largest_share) == (count, share)


def test_a_volume_is_in_millilitres():
    assert volume_ml(1000, (3.0, 1.0, 0.5)) == pytest.approx(1.5)
