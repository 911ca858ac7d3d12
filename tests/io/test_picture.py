"""Pictures are read as they are stored; of colours the brightness is left."""

import numpy as np
import pytest
from PIL import Image

from innereye.errors import ImageError
from innereye.io.picture import read_picture, write_picture
from scalar_images import PICTURE


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_pixels_come_back(dtype, tmp_path):
    pixels = PICTURE.astype(dtype) * np.iinfo(dtype).max // 255
    write_picture(tmp_path / "a.png", pixels)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png"), pixels[None])


def test_a_jpeg_is_nearly_what_it_was(tmp_path):
    ramp = np.tile(np.arange(32, dtype=np.uint8) * 4, (32, 1))
    Image.fromarray(ramp).save(tmp_path / "a.JPG", format="JPEG", quality=95)
    read = read_picture(tmp_path / "a.JPG")
    assert read.shape == (1, 32, 32)
    assert np.abs(read[0].astype(int) - ramp).max() < 5


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_of_colours_the_brightness_is_left(mode, tmp_path):
    colours = np.zeros((4, 5, 3), np.uint8)
    colours[0], colours[1], colours[2] = (255, 0, 0), (0, 255, 0), (9, 9, 9)
    Image.fromarray(colours).convert(mode).save(tmp_path / "a.png")
    grey = read_picture(tmp_path / "a.png")
    assert grey.shape == (1, 4, 5)
    assert grey[0, :, 0].tolist() == [76, 150, 9, 0]


def test_a_palette_is_looked_up(tmp_path):
    picture = Image.fromarray(PICTURE % 2)
    picture.putpalette([0, 0, 0, 200, 200, 200])
    picture.save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png")[0], PICTURE % 2 * 200)


def test_bits_are_0_and_1(tmp_path):
    Image.fromarray(PICTURE > 99).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png")[0], PICTURE > 99)


def test_a_folder_is_no_picture(tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(ImageError, match=r"a\.png"):
        read_picture(tmp_path / "a.png")


def test_other_suffixes_and_colours_are_not_written(tmp_path):
    for path, pixels in (("a.jpg", PICTURE), ("a.png", PICTURE[..., None])):
        with pytest.raises(ValueError, match=path):
            write_picture(tmp_path / path, pixels)
