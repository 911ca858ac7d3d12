"""A curve encloses the voxels of its structure and no others, however it is filled."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib.path import Path as Curve
from scipy import ndimage

from innereye.io.contours import outlines

MASKS = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12))


def enclosed(mask):
    """Return how many curves each voxel's centre lies in."""
    y, x = np.indices(mask.shape)
    # Beside the centres of rows, on which channels without width run.
    centres = np.column_stack([x.ravel(), y.ravel() + 1e-7])
    inside = [
        Curve(np.vstack([each, each[:1]])).contains_points(centres) for each in outlines(mask)
    ]
    return sum(inside, np.zeros(mask.size, int)).reshape(mask.shape)


def area(curve):
    x, y = curve.T
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


@given(MASKS)
def test_the_centres_in_the_curves_are_the_mask(mask):
    assert np.array_equal(enclosed(mask), mask.astype(int))


@given(MASKS)
def test_rounded_curves_go_through_voxels_of_the_mask(mask):
    for curve in outlines(mask):
        x, y = np.round(curve).astype(int).T
        assert mask[y, x].all()


@given(MASKS)
def test_each_island_has_one_curve(mask):
    assert len(outlines(mask)) == ndimage.label(mask)[1]


@given(MASKS, st.integers(1, 3))
def test_where_the_mask_lies_does_not_matter(mask, shift):
    moved = outlines(np.pad(mask, ((shift, 0), (0, 0))))
    assert all(np.allclose(a, b - (0, shift)) for a, b in zip(outlines(mask), moved, strict=True))


def test_a_hole_takes_its_area_away():
    mask = np.ones((20, 30), bool)
    full = area(outlines(mask)[0])
    mask[5:9, 4:10] = mask[5:9, 20:22] = mask[14, 9:13] = False
    (curve,) = outlines(mask)
    assert np.isclose(full, 20 * 30, rtol=0.01)
    assert np.isclose(area(curve), mask.sum(), rtol=0.01)


def test_straight_lines_have_no_points_in_the_middle():
    assert len(outlines(np.ones((50, 70), bool))[0]) == 8  # corners are cut


def test_nothing_has_no_curve():
    assert outlines(np.zeros((3, 4), bool)) == []
