"""Images are resized without aliasing and cropped about their middle; 2D images stay 2D."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.data.scalar.image_size import centre_cropped, padded, resized, resized_labels
from innereye.errors import ImageError

SIZES = st.tuples(*[st.integers(2, 9)] * 3)


@given(SIZES, SIZES)
def test_a_constant_image_stays_constant(before, after):
    image = resized(np.full(before, 7, np.float32), after)
    assert image.shape == after
    assert image.dtype == np.float32
    np.testing.assert_allclose(image, 7, rtol=1e-6)


@given(SIZES)
def test_the_same_size_is_the_same_image(size):
    image = np.random.default_rng(1).normal(size=size).astype(np.float32)
    np.testing.assert_array_equal(resized(image, size), image)


@given(SIZES, SIZES)
def test_values_stay_in_the_range_of_the_image(before, after):
    image = np.random.default_rng(2).normal(size=before).astype(np.float32)
    result = resized(image, after)
    assert image.min() <= result.min() <= result.max() <= image.max()


def test_a_ramp_that_grows_stays_a_ramp_in_its_middle():
    ramp = np.arange(8, dtype=np.float32)[None, None].repeat(2, 0).repeat(2, 1)
    twice = resized(ramp, (2, 2, 16))[0, 0]
    # Voxels cover the same ground: the new ones lie a quarter of an old one beside the middle.
    np.testing.assert_allclose(twice[1:-1], np.arange(14) / 2 + 0.25, atol=1e-6)


def test_stripes_too_fine_for_the_result_become_grey():
    stripes = np.tile([0.0, 1.0], 16)[None, None].repeat(2, 0).repeat(2, 1)
    small = resized(stripes, (2, 2, 8))
    assert small.std() < 0.1 * stripes.std()
    assert small.mean() == pytest.approx(0.5, abs=0.02)


# Computed by scikit-image 0.26: resize(arange(12).reshape(1, 3, 4) ** 2, (1, 2, 3), order=1,
# anti_aliasing=True).
OF_SCIKIT_IMAGE = [[4.51140, 9.51676, 17.85546], [54.47788, 75.47251, 99.80048]]


def test_the_result_is_that_of_scikit_image():
    image = (np.arange(12.0).reshape(1, 3, 4) ** 2).astype(np.float32)
    np.testing.assert_allclose(resized(image, (1, 2, 3))[0], OF_SCIKIT_IMAGE, rtol=1e-5)


def test_labels_are_never_mixed():
    labels = np.random.default_rng(3).choice([0, 4, 9], (6, 8, 10)).astype(np.uint8)
    small = resized_labels(labels, (3, 5, 7))
    assert small.shape == (3, 5, 7)
    assert set(np.unique(small)) <= {0, 4, 9}
    np.testing.assert_array_equal(resized_labels(labels, (12, 16, 20))[::2, ::2, ::2], labels)


@pytest.mark.parametrize(("have", "want", "start"), [(10, 4, 3), (11, 4, 3), (10, 5, 3), (5, 5, 0)])
def test_the_middle_is_that_of_the_original(have, want, start):
    image = np.arange(have, dtype=np.float32)[None, None]
    cropped = centre_cropped(image, (1, 1, want))
    assert cropped.ravel().tolist() == list(range(start, start + want))


@pytest.mark.parametrize("change", [resized, resized_labels, centre_cropped, padded])
def test_a_picture_becomes_no_volume(change):
    picture = np.zeros((1, 8, 8), np.float32)
    expected = (1, 8, 8) if change is padded else (1, 4, 4)
    assert change(picture, (1, 4, 4)).shape == expected
    with pytest.raises(ImageError, match=r"is a 2D image, and \w+ is \(2, 4, 4\)"):
        change(picture, (2, 4, 4))


def test_an_image_smaller_than_its_middle_is_refused():
    with pytest.raises(ImageError, match=r"has the size \(4, 8, 8\), smaller than center_crop"):
        centre_cropped(np.zeros((4, 8, 8)), (4, 9, 8))


@given(SIZES, SIZES)
def test_the_middle_of_a_padded_image_is_the_image(have, want):
    image = np.random.default_rng(5).normal(size=have).astype(np.float32)
    cropped = centre_cropped(padded(image, want), want)
    assert cropped.shape == want
    both = tuple(min(pair) for pair in zip(have, want, strict=True))
    np.testing.assert_array_equal(centre_cropped(cropped, both), centre_cropped(image, both))
    outside = cropped.size - np.prod(both)
    assert np.count_nonzero(cropped == image.min()) >= outside
