"""Intensities come into the range that was asked for, and the input is left alone."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from innereye.data.normalisation import (
    Normalisation,
    intensity_limits,
    normalise,
    otsu_threshold,
)
from innereye.errors import ImageError
from innereye.names import NormMethod

CLIPPING = [NormMethod.CT_WINDOW, NormMethod.MRI_WINDOW, NormMethod.TRIMMED]
IMAGES = arrays(np.float32, (2, 3, 4, 5), elements=st.floats(-2000, 3000, width=32))


def made(method, **changes):
    return Normalisation(norm_method=method, tail=[1.0, 2.0], **changes)


@pytest.mark.parametrize(
    ("window", "level", "value", "expected"),
    [
        (600, 50, -250, -1),
        (600, 50, -50, -1 / 3),
        (600, 50, 50, 0),
        (600, 50, 100, 1 / 6),
        (600, 50, 350, 1),
        (600, 50, 4000, 1),
        (2200, -500, -1000, -0.4545454),
        (2200, -500, 50, 0.5),
    ],
)
def test_ct_window_maps_as_published(window, level, value, expected):
    image = np.full((1, 1, 1, 1), value, np.float32)
    result = normalise(image, Normalisation(window=window, level=level))
    assert result.item() == pytest.approx(expected, abs=1e-6)


def test_trimmed_norm_of_the_numbers_to_a_hundred():
    image = np.arange(1, 101, dtype=np.float32).reshape(1, 4, 5, 5)
    result = normalise(image, made(NormMethod.TRIMMED)).ravel()
    low, high = 18.4758, 82.5242
    expected = np.clip((image.ravel() - low) / (high - low) * 2 - 1, -1, 1)
    assert result == pytest.approx(expected, abs=1e-5)


# The original's cases (conformance vectors "photometric normalisation" 0, 2, 4 and 6): the mean of an
# image of random numbers up to 1000, of three channels.
OF_THE_ORIGINAL = [
    (NormMethod.SIMPLE, {}, slice(2), -0.05052318),
    (
        NormMethod.MRI_WINDOW,
        {"sharpen": 2.0, "tail": [2.0] * 3, "output_range": (0, 1)},
        slice(None),
        0.2748852,
    ),
    (
        NormMethod.TRIMMED,
        {"sharpen": 1, "trim_percentiles": (1, 99), "output_range": (-1, 1)},
        slice(None),
        -0.08756259549409151,
    ),
    (
        NormMethod.CT_WINDOW,
        {"window": 30, "level": 900, "output_range": (0, 1)},
        slice(None),
        0.0929241235,
    ),
]


@pytest.mark.parametrize(("method", "fields", "inside", "mean"), OF_THE_ORIGINAL)
def test_results_of_the_original(method, fields, inside, mean):
    # The legacy generator, since the original's image was made by it.
    image = np.random.RandomState(0).rand(3, 4, 4, 4).astype(np.float32) * 1000
    mask = np.zeros((4, 4, 4), np.uint8)
    mask[inside] = 1
    result = normalise(image, Normalisation(norm_method=method, **fields), mask)
    assert result.mean(dtype=np.float64) == pytest.approx(mean, rel=2e-6)
    if method == NormMethod.SIMPLE:
        assert result[:, :2].mean((1, 2, 3), np.float64) == pytest.approx([0, 0, 0], abs=1e-7)


@pytest.mark.parametrize("shape", [(3, 4, 4, 4), (4, 4, 4)])
def test_shape_and_type_of_the_original(shape):
    result = normalise(np.ones(shape), Normalisation())
    assert (result.shape, result.dtype) == (shape, np.float32)


@settings(max_examples=25, deadline=None)
@given(image=IMAGES, method=st.sampled_from(CLIPPING))
def test_the_limits_are_what_becomes_the_ends_of_the_range(image, method):
    normalisation = made(method, output_range=(2.0, 6.0))
    low, high = intensity_limits(image[1], normalisation, None, 1)
    result = normalise(image, normalisation)[1]
    assert (result[image[1] < low] == 2).all()
    assert (result[image[1] > high] == 6).all()
    inside = (image[1] >= low) & (image[1] <= high)
    if high > low:
        expected = 2 + 4 * (image[1][inside].astype(np.float64) - low) / (high - low)
        assert result[inside] == pytest.approx(expected, abs=4e-3 * (1 + 1 / (high - low)))


@settings(max_examples=25, deadline=None)
@given(image=IMAGES, method=st.sampled_from(list(NormMethod)), masked=st.booleans())
def test_results_are_finite_float32_and_the_input_is_left_alone(image, method, masked):
    before = image.copy()
    mask = np.ones(image.shape[1:], np.uint8) if masked else None
    result = normalise(image, made(method), mask)
    assert result.dtype == np.float32
    assert result.shape == image.shape
    assert np.isfinite(result).all()
    assert np.array_equal(image, before)


NEARLY_CONSTANT = np.float32([0, *[2e-39] * 59]).reshape(1, 3, 4, 5)


@example(image=NEARLY_CONSTANT, method=NormMethod.TRIMMED)
@example(image=NEARLY_CONSTANT, method=NormMethod.MRI_WINDOW)
@settings(max_examples=25, deadline=None)
@given(image=IMAGES, method=st.sampled_from(CLIPPING))
def test_the_clipping_methods_stay_in_the_output_range(image, method):
    result = normalise(image, made(method, output_range=(0.0, 1.0)))
    assert result.min() >= 0
    assert result.max() <= 1


@settings(max_examples=25, deadline=None)
@given(image=IMAGES, method=st.sampled_from(list(NormMethod)))
def test_channels_do_not_see_each_other(image, method):
    together = normalise(image, made(method))[0]
    assert np.array_equal(together, normalise(image[:1], made(method))[0])


@pytest.mark.parametrize("method", list(NormMethod))
def test_a_constant_image_is_no_division_by_zero(method):
    result = normalise(np.full((1, 2, 2, 2), 7, np.float32), made(method))
    assert np.isfinite(result).all()


def test_voxels_below_otsus_threshold_become_the_lowest_output_also_when_negative():
    image = np.array([-900.0, -800, -850, -10, -5, -1], np.float32).reshape(1, 1, 2, 3)
    result = normalise(image, made(NormMethod.MRI_WINDOW)).ravel()
    assert (result[:3] == -1).all()
    assert (result[4:] > -1).all()


def test_simple_norm_takes_its_statistics_inside_the_mask():
    image = np.array([[[[1.0, 3.0, 100.0]]]], np.float32)
    mask = np.array([[[1, 1, 0]]], np.uint8)
    result = normalise(image, made(NormMethod.SIMPLE), mask).ravel()
    assert result == pytest.approx([-1, 1, 98])


def test_trimmed_norm_is_lowest_outside_the_mask():
    image = np.arange(27, dtype=np.float32).reshape(1, 3, 3, 3)
    mask = np.zeros((3, 3, 3), np.uint8)
    mask[:2] = 1
    assert (normalise(image, made(NormMethod.TRIMMED), mask)[0, 2] == -1).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_even_where_it_would_be_clipped(value):
    image = np.zeros((1, 2, 2, 2), np.float32)
    image[0, 1, 1, 1] = value
    with pytest.raises(ImageError, match="1 voxels are not finite"):
        normalise(image, Normalisation())


def test_an_empty_mask_is_refused_where_statistics_need_it():
    image, mask = np.zeros((1, 2, 2, 2), np.float32), np.zeros((2, 2, 2), np.uint8)
    normalise(image, Normalisation(), mask)
    with pytest.raises(ImageError, match="mask is empty"):
        normalise(image, made(NormMethod.SIMPLE), mask)


def test_otsus_threshold_lies_between_two_heaps():
    generator = np.random.default_rng(0)
    values = np.concatenate([generator.normal(0, 1, 500), generator.normal(20, 1, 300)])
    assert 3 < otsu_threshold(values) < 17
