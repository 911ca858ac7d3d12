"""Do slices belong to one structure where they shall, and are holes filled slice by slice?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from innereye.inference.postprocessing.holes import fill_holes
from innereye.inference.postprocessing.slice_exclusion import exclude_slices

label_maps = arrays(np.uint8, st.tuples(*[st.integers(1, 6)] * 3), elements=st.integers(0, 3))


def excluded(segmentation, **classes):
    result = segmentation.copy()
    exclude_slices(result, **classes)
    return result


def filled(segmentation, class_index=1):
    result = segmentation.copy()
    fill_holes(result, [class_index])
    return result


@given(label_maps, st.booleans())
def test_no_slice_has_both_structures_afterwards(segmentation, higher_dominates):
    result = excluded(segmentation, higher=2, lower=1, higher_dominates=higher_dominates)
    higher, lower = ((result == index).any(axis=(1, 2)) for index in (2, 1))
    if higher.any() and lower.any():
        assert np.flatnonzero(higher)[0] > np.flatnonzero(lower)[-1]
    # Nothing is lost: voxels only change hands.
    np.testing.assert_array_equal(np.isin(result, (1, 2)), np.isin(segmentation, (1, 2)))
    np.testing.assert_array_equal(result == 3, segmentation == 3)
    again = excluded(result, higher=2, lower=1, higher_dominates=higher_dominates)
    np.testing.assert_array_equal(again, result)


@given(label_maps)
def test_filling_takes_background_only_and_a_second_time_changes_nothing(segmentation):
    result = filled(segmentation)
    assert (result[segmentation != 0] == segmentation[segmentation != 0]).all()
    assert set(np.unique(result[segmentation == 0])) <= {0, 1}
    np.testing.assert_array_equal(filled(result), result)


def test_a_hole_is_filled_slice_by_slice_and_what_lies_in_it_stays():
    ring = np.zeros((3, 7, 7), np.uint8)
    ring[:, 1:6, 1:6] = 1
    ring[:, 2:5, 2:5] = 0
    ring[1, 3, 3] = 2
    ring[2, 1, 3] = 0  # the ring of the last slice is open
    result = filled(ring)
    assert (result[0, 1:6, 1:6] == 1).all()
    assert result[1, 3, 3] == 2
    assert np.count_nonzero(result[1] == 1) == 24
    np.testing.assert_array_equal(result[2], ring[2])


def test_a_cavity_that_is_closed_only_in_a_slice_is_a_hole():
    tube = np.ones((3, 5, 5), np.uint8)
    tube[:, 2, 2] = 0  # open at both ends, but closed in each axial slice
    assert (filled(tube) == 1).all()


@pytest.mark.parametrize("classes", [(1, 2), (2, 1)])
def test_a_hole_belongs_to_the_innermost_structure_around_it(classes):
    outer, inner = classes
    nested = np.zeros((1, 20, 20), np.uint8)
    nested[:, 1:19, 1:19] = outer
    nested[:, 3:10, 3:10] = inner
    nested[:, 5:7, 5:7] = 0
    nested[:, 14:16, 14:16] = 0
    fill_holes(nested, [1, 2])
    assert (nested[:, 5:7, 5:7] == inner).all()
    assert (nested[:, 14:16, 14:16] == outer).all()
