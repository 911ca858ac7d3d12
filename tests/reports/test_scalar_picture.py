"""Does a picture show the image, or the middle of a volume?"""

import io

import numpy as np
import pytest
from PIL import Image

from innereye.reports.scalar_picture import GAP, TILE_HEIGHT, grey_values, subject_png, tiles_of


def opened(*images):
    return np.asarray(Image.open(io.BytesIO(subject_png(images))))


def test_a_small_picture_is_enlarged_in_squares():
    picture = opened(np.array([[[0.0, 50.0], [100.0, 0.0]]]))
    assert picture.shape == (TILE_HEIGHT, TILE_HEIGHT)
    assert [picture[0, 0], picture[0, -1], picture[-1, 0]] == [0, 128, 255]
    assert set(np.unique(picture)) == {0, 128, 255}


def test_pictures_of_several_channels_stand_side_by_side():
    square, wide = np.ones((1, 8, 8)), np.ones((1, 8, 16))
    assert opened(square, wide).shape == (TILE_HEIGHT, 3 * TILE_HEIGHT + GAP)


def test_a_volume_shows_its_middle_through_each_axis():
    volume = np.zeros((5, 7, 9))
    volume[2, 3, 4] = volume[4, 3, 4] = 100
    through_z, through_y, through_x = tiles_of(volume)
    assert through_z[TILE_HEIGHT // 2, through_z.shape[1] // 2] == 255
    # The last slice is above.
    assert [tile[2, tile.shape[1] // 2] for tile in (through_y, through_x)] == [255, 255]
    assert [tile[-3, tile.shape[1] // 2] for tile in (through_y, through_x)] == [0, 0]


def test_each_volume_has_a_row():
    one, two = opened(np.ones((4, 6, 6))), opened(np.ones((4, 6, 6)), np.ones((4, 6, 6)))
    assert two.shape[0] == 2 * one.shape[0] + GAP


@pytest.mark.parametrize("shape", [(1, 3, 900), (1, 900, 3), (700, 2, 2), (1, 1, 1)])
def test_odd_shapes_stay_in_bounds(shape):
    picture = opened(np.arange(np.prod(shape), dtype=float).reshape(shape))
    assert picture.shape[0] <= TILE_HEIGHT
    assert picture.shape[1] <= 13 * TILE_HEIGHT


def test_one_bright_voxel_does_not_darken_a_volume():
    volume = np.random.default_rng(0).uniform(0, 100, (8, 8, 8))
    volume[0, 0, 0] = 1e6
    assert grey_values(volume).mean() > 100
    assert not grey_values(np.full((3, 3, 3), 7)).any()
