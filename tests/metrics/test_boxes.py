"""The box of two masks keeps what the measures need, and nothing else."""

import numpy as np

from innereye.metrics.boxes import bounding_box, union_box


def mask_with(*voxels, shape=(6, 8, 10)):
    mask = np.zeros(shape, bool)
    for voxel in voxels:
        mask[voxel] = True
    return mask


def test_an_empty_mask_has_no_box():
    assert bounding_box(mask_with()) is None
    assert union_box(mask_with(), mask_with()) is None


def test_the_box_of_a_mask_is_tight():
    assert bounding_box(mask_with((1, 2, 3), (4, 2, 9))) == (slice(1, 5), slice(2, 3), slice(3, 10))


def test_the_union_has_a_margin_of_one_voxel():
    box = union_box(mask_with((2, 3, 4)), mask_with((3, 5, 6)))
    assert box == (slice(1, 5), slice(2, 7), slice(3, 8))


def test_the_margin_stops_at_the_image_edge():
    box = union_box(mask_with((0, 0, 0)), mask_with((5, 7, 9)))
    assert box == (slice(0, 6), slice(0, 8), slice(0, 10))


def test_one_empty_mask_leaves_the_box_of_the_other():
    assert union_box(mask_with((2, 2, 2)), mask_with()) == (slice(1, 4),) * 3
