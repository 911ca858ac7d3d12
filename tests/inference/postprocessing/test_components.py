"""Do the parts of a structure stay that shall stay?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from innereye.inference.postprocessing.components import keep_largest_components

label_maps = arrays(np.uint8, st.tuples(*[st.integers(1, 6)] * 3), elements=st.integers(0, 2))


def kept(segmentation, class_index=1, threshold=None):
    result = segmentation.copy()
    keep_largest_components(result, class_index, threshold)
    return result


def row(*values):
    return np.array(values, np.uint8)[None, None, :]


@given(label_maps)
def test_one_part_is_left_and_it_is_the_first_of_the_largest(segmentation):
    result = kept(segmentation)
    labels, count = ndimage.label(segmentation == 1)
    largest = 1 + int(np.argmax(np.bincount(labels.ravel())[1:])) if count else -1
    np.testing.assert_array_equal(result == 1, labels == largest)


@given(label_maps, st.sampled_from([None, 0.1, 0.3, 0.5]))
def test_other_classes_stay_and_a_second_time_changes_nothing(segmentation, threshold):
    result = kept(segmentation, 1, threshold)
    np.testing.assert_array_equal(result == 2, segmentation == 2)
    assert not (result[(segmentation == 1) & (result != 1)]).any()
    np.testing.assert_array_equal(kept(result, 1, threshold), result)


def test_parts_meet_at_faces_only():
    diagonal = np.zeros((2, 2, 2), np.uint8)
    diagonal[0, 0, 0] = diagonal[1, 1, 1] = 1
    assert kept(diagonal).sum() == 1


@pytest.mark.parametrize(
    ("threshold", "left"),
    [(None, 4), (0.5, 4), (0.4, 4), (0.3, 7), (0.29, 7), (0.2, 9), (0.05, 10)],
)
def test_parts_with_a_share_of_the_voxels_stay(threshold, left):
    parts = row(1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 2, 1)  # 4, 3, 2 and 1 of 10 voxels
    assert np.count_nonzero(kept(parts, 1, threshold) == 1) == left


def test_the_largest_stays_where_none_reaches_the_share():
    assert kept(row(1, 0, 1, 1, 0, 1, 0, 1), 1, 0.49).ravel().tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
