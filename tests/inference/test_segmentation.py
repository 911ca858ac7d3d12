"""Do classes and uncertainty follow from the posteriors?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.errors import CheckpointError
from innereye.inference.segmentation import check_posteriors, segment_posteriors, uncertainty


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
def test_posteriors_that_are_none_are_refused_with_subject_and_count(values):
    posteriors = random_posteriors(0, 2)
    posteriors[:, 0, 0, 0] = values
    with pytest.raises(CheckpointError, match=r"Subject 017: .* 1 of 24 voxels"):
        check_posteriors(posteriors, subject="017")


def test_sound_posteriors_pass():
    check_posteriors(random_posteriors(0, 5), subject="017")
