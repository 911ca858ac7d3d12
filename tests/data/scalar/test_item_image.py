"""The images of an item become one array with a channel each, resized first and cropped then."""

import numpy as np
import pytest

from innereye.configs.fields.scalar_data import ScalarImageFields
from innereye.data.scalar.item_image import ImageSizes, load_image, load_segmentation, sizes_of
from innereye.errors import ImageError
from innereye.io.picture import write_picture
from scalar_images import PICTURE, VOLUME, write_hdf5


@pytest.fixture
def volumes(tmp_path):
    np.save(tmp_path / "a.npy", VOLUME)
    write_hdf5(tmp_path / "b.h5", VOLUME[::-1])
    return {"one": "a.npy", "two": "b.h5"}


def test_channels_are_stacked_in_their_order(volumes, tmp_path):
    image = load_image(volumes, tmp_path, ImageSizes())
    assert image.dtype == np.float32
    np.testing.assert_array_equal(image, np.stack([VOLUME, VOLUME[::-1]]))
    swapped = dict(reversed(volumes.items()))
    np.testing.assert_array_equal(load_image(swapped, tmp_path, ImageSizes()), image[::-1])


def test_images_are_resized_and_then_cropped(volumes, tmp_path):
    resized = load_image(volumes, tmp_path, ImageSizes(image_size=(8, 12, 10)))
    both = load_image(volumes, tmp_path, ImageSizes((8, 12, 10), (4, 6, 5)))
    assert resized.shape == (2, 8, 12, 10)
    np.testing.assert_array_equal(both, resized[:, 2:6, 3:9, 3:8])


def test_sizes_make_unequal_images_stackable(volumes, tmp_path):
    np.save(tmp_path / "a.npy", VOLUME[1:])
    with pytest.raises(ImageError, match=r"'two' has the size \(4, 6, 5\), channel 'one' \(3, 6"):
        load_image(volumes, tmp_path, ImageSizes())
    assert load_image(volumes, tmp_path, ImageSizes((4, 6, 5))).shape == (2, 4, 6, 5)
    assert load_image(volumes, tmp_path, ImageSizes(None, (2, 4, 4))).shape == (2, 2, 4, 4)


def test_small_images_are_filled_up_where_asked(volumes, tmp_path):
    np.save(tmp_path / "a.npy", VOLUME[1:])
    with pytest.raises(ImageError, match="smaller than center_crop_size"):
        load_image(volumes, tmp_path, ImageSizes(None, (4, 6, 5)))
    image = load_image(volumes, tmp_path, ImageSizes(None, (4, 6, 5), pad_small_images=True))
    np.testing.assert_array_equal(image[0, 1:], VOLUME[1:])
    assert (image[0, 0] == VOLUME[1:].min()).all()


def test_sizes_are_those_of_the_fields():
    fields = ScalarImageFields(image_size=(1, 2, 3), center_crop_size="1,2,2")
    assert sizes_of(fields) == ImageSizes((1, 2, 3), (1, 2, 2))


def test_pictures_have_one_slice(tmp_path):
    write_picture(tmp_path / "a.png", PICTURE)
    assert load_image({"": "a.png"}, tmp_path, ImageSizes((1, 3, 3))).shape == (1, 1, 3, 3)
    with pytest.raises(ImageError, match=r"a\.png is a 2D image, and image_size is \(3, 3, 3\)"):
        load_image({"": "a.png"}, tmp_path, ImageSizes((3, 3, 3)))


def test_voxels_that_are_not_finite_are_told(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[1, np.nan], [np.inf, 2]]))
    with pytest.raises(ImageError, match=r"a\.npy has 2 voxels that are not finite"):
        load_image({"": "a.npy"}, tmp_path, ImageSizes())


def test_segmentations_keep_their_labels(volumes, tmp_path):
    found = load_segmentation({"two": volumes["two"]}, tmp_path, ImageSizes())
    np.testing.assert_array_equal(found[0], 4 * (VOLUME[::-1] > 500))
    small = load_segmentation({"two": volumes["two"]}, tmp_path, ImageSizes((3, 4, 4), (2, 3, 3)))
    assert small.shape == (1, 2, 3, 3)
    assert set(np.unique(small)) <= {0, 4}
    with pytest.raises(ImageError, match=r"a\.npy has no segmentation beside it"):
        load_segmentation(volumes, tmp_path, ImageSizes())
