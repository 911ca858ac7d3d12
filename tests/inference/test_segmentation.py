"""Do classes and uncertainty follow from the posteriors?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.inference.segmentation import (
    count_bad_voxels,
    segment_posteriors,
    to_bytes,
    uncertainty,
)


def random_posteriors(seed, classes):
    logits = np.random.default_rng(seed).integers(0, 3, (classes, 2, 3, 4)).astype(np.float32)
    return (logits + 0.1) / (logits + 0.1).sum(axis=0)


@given(seed=st.integers(0, 99), classes=st.integers(2, 6))
def test_the_segmentation_is_the_lowest_class_of_the_highest_posterior(seed, classes):
    posteriors = random_posteriors(seed, classes)
    segmentation = segment_posteriors(posteriors)
    assert segmentation.dtype == np.uint8
    np.testing.assert_array_equal(segmentation, posteriors.argmax(axis=0))


@given(seed=st.integers(0, 99), classes=st.integers(2, 6))
def test_uncertainty_is_the_normalised_entropy(seed, classes):
    posteriors = random_posteriors(seed, classes)
    expected = -(posteriors * np.log2(posteriors)).sum(axis=0) / np.log2(classes)
    np.testing.assert_allclose(uncertainty(posteriors), expected, atol=1e-6)


def test_uncertainty_runs_from_none_to_one():
    certain, half = np.array([1, 0, 0], np.float32), np.array([0.5, 0.5, 0], np.float32)
    voxels = np.stack([certain, half, np.full(3, 1 / 3, np.float32)], axis=1)[:, None, None, :]
    np.testing.assert_allclose(uncertainty(voxels).ravel(), [0, 0.63093, 1], atol=1e-5)
    assert uncertainty(voxels).max() <= 1


@pytest.mark.parametrize("values", [(np.nan, 0.5), (np.inf, 0), (-0.5, 1.5), (0.5, 0.4)])
def test_posteriors_that_are_none_are_counted(values):
    posteriors = random_posteriors(0, 2)
    assert count_bad_voxels(posteriors) == 0
    posteriors[:, 0, 0, 0] = values
    assert count_bad_voxels(posteriors) == 1


def test_bytes_are_truncated_not_rounded():
    values = np.array([0, 0.0039, 0.004, 0.5, 0.8, 0.999, 1, -1e-7, 1 + 1e-7], np.float32)
    assert to_bytes(values).tolist() == [0, 0, 1, 127, 204, 254, 255, 0, 255]


@pytest.mark.parametrize("value", [-0.01, 1.01, np.nan, np.inf])
def test_values_that_are_no_probability_are_refused(value):
    with pytest.raises(ValueError, match="from 0 to 1 are allowed"):
        to_bytes(np.array([0.5, value], np.float32))


def test_the_rounding_of_a_mean_is_no_fault():
    assert to_bytes(np.float32([1 + 2e-6])) == 255
