"""The right slice, seen from the right side, with both outlines."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from innereye.reports.thumbnail_picture import (
    CAPTION_INCHES,
    SIDE_INCHES,
    Slice,
    Thumbnails,
    best_slice,
    viewing_flips,
)

DPI = 40
CAPTION = round(CAPTION_INCHES * DPI)


def volume(*sizes):
    mask = np.zeros((len(sizes), 4, 5), bool)
    for z, size in enumerate(sizes):
        mask[z].flat[:size] = True
    return mask


def draw(truth, predicted, *, image=None, spacing=(1.0, 1.0), name="", score=""):
    image = np.zeros(truth.shape, np.float32) if image is None else image
    thumbnails = Thumbnails(plot_dpi=DPI, grey_range=(-1.0, 1.0))
    png = thumbnails.png(Slice(image, truth, predicted, spacing), name=name, score=score)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def red(picture):
    return (picture[..., 0] > 180) & (picture[..., 1] < 110)


def blue(picture):
    return (picture[..., 2] > 180) & (picture[..., 0] < 120)


BOX = np.pad(np.ones((10, 10), bool), 10)
NOTHING = np.zeros((30, 30), bool)


def test_the_slice_with_most_predicted_voxels():
    assert best_slice(volume(0, 3, 7, 2), volume(9, 0, 0, 0)) == 2


def test_where_nothing_is_predicted_the_truth_decides():
    assert best_slice(volume(0, 0, 0, 0), volume(1, 2, 0, 5)) == 3


def test_the_lowest_of_equal_slices_and_zero_for_nothing():
    assert best_slice(volume(0, 4, 4), volume(0, 0, 0)) == 1
    assert best_slice(volume(0, 0, 0), volume(0, 0, 0)) == 0


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6))
def test_no_slice_holds_more_than_the_chosen_one(sizes):
    assert sizes[best_slice(volume(*sizes), volume(*sizes))] == max(sizes)


def test_truth_is_solid_red_and_segmentation_dashed_blue():
    solid = red(draw(BOX, NOTHING)[CAPTION:]).sum()
    dashed = blue(draw(NOTHING, BOX)[CAPTION:]).sum()
    assert solid > 100
    assert 0.3 * solid < dashed < 0.9 * solid


def test_nothing_to_outline_leaves_the_image_alone():
    picture = draw(NOTHING, NOTHING)[CAPTION:]
    assert not red(picture).any()
    assert not blue(picture).any()


def test_outlines_close_at_the_border_of_the_image():
    assert red(draw(np.ones((30, 30), bool), NOTHING)[CAPTION + 3 :]).any(axis=0).sum() > 150


def test_grey_values_fill_the_output_range():
    image = np.full((30, 30), -1.0, np.float32)
    image[15:] = 1.0
    picture = draw(NOTHING, NOTHING, image=image)[CAPTION:]
    assert picture[20, 100].tolist() == [0, 0, 0]
    assert picture[-20, 100].tolist() == [255, 255, 255]


def test_proportions_follow_the_spacing():
    image = np.ones((30, 30), np.float32)
    white = draw(NOTHING, NOTHING, image=image, spacing=(1.0, 2.0))[CAPTION:].min(axis=2) > 200
    rows, columns = white.any(axis=1).sum(), white.any(axis=0).sum()
    assert columns / rows == pytest.approx(2.0, abs=0.05)


def test_the_size_follows_the_resolution():
    height = round((SIDE_INCHES + CAPTION_INCHES) * DPI)
    assert draw(BOX, BOX).shape == (height, SIDE_INCHES * DPI, 3)


def test_the_caption_is_written():
    bare, named = draw(BOX, BOX), draw(BOX, BOX, name="Subject 7", score="Dice 0.9")
    assert (bare[:CAPTION] != named[:CAPTION]).any()
    assert (bare[CAPTION:] == named[CAPTION:]).all()


def test_a_picture_does_not_depend_on_the_one_before():
    thumbnails = Thumbnails(plot_dpi=DPI, grey_range=(-1.0, 1.0))
    box = Slice(NOTHING.astype(np.float32), BOX, NOTHING, (1.0, 1.0))
    first = thumbnails.png(box, name="a", score="b")
    other = Slice(np.ones((9, 30), np.float32), BOX[8:17], BOX[8:17], (3.0, 1.0))
    assert thumbnails.png(other, name="c", score="d") != first
    assert thumbnails.png(box, name="a", score="b") == first


def test_patients_lie_as_radiologists_expect():
    assert viewing_flips((1, 0, 0, 0, 1, 0, 0, 0, 1)) == (False, False)
    assert viewing_flips((-1, 0, 0, 0, -1, 0, 0, 0, 1)) == (True, True)
    assert viewing_flips((1, 0, 0, 0, -1, 0, 0, 0, 1)) == (True, False)
