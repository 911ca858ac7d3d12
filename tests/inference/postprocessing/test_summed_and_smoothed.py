"""Do posteriors decide what two structures win together, and how they are smoothed?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.inference.postprocessing.smoothing import smooth
from innereye.inference.postprocessing.summed_probability import apply_summed_probability
from innereye.inference.segmentation import segment_posteriors

RULES = [(1, 2, 3), (2, 0, 1)]


def random_posteriors(seed, shape=(3, 4, 5)):
    numbers = np.random.default_rng(seed).dirichlet(np.ones(4), size=int(np.prod(shape)))
    return numbers.T.reshape(4, *shape).astype(np.float32)


@given(seed=st.integers(0, 99), rules=st.lists(st.permutations(range(4)), max_size=3))
def test_each_voxel_follows_the_rules_in_order(seed, rules):
    posteriors, rules = random_posteriors(seed), [tuple(rule[:3]) for rule in rules]
    segmentation = segment_posteriors(posteriors)
    expected = segmentation.copy()
    for place in np.ndindex(segmentation.shape):
        voxel = posteriors[:, *place]
        for first, second, external in rules:
            if expected[place] == external and voxel[first] + voxel[second] > voxel[external]:
                expected[place] = first if voxel[first] >= voxel[second] else second
    apply_summed_probability(segmentation, posteriors, rules)
    np.testing.assert_array_equal(segmentation, expected)


@given(seed=st.integers(0, 99))
def test_smoothing_keeps_the_sum_of_the_classes_and_the_mass(seed):
    posteriors = random_posteriors(seed, (6, 7, 8))
    smoothed = [smooth(posterior, (2, 1, 3), (3.0, 1.0, 2.0)) for posterior in posteriors]
    np.testing.assert_allclose(np.sum(smoothed, axis=0), 1, atol=1e-5)
    np.testing.assert_allclose(
        np.sum(smoothed, axis=(1, 2, 3)), posteriors.sum((1, 2, 3)), rtol=1e-4
    )


def test_the_deviation_is_in_mm_along_each_axis():
    point = np.zeros((41, 41, 41), np.float32)
    point[20, 20, 20] = 1
    smoothed = smooth(point, (6.0, 3.0, 0.0), (3.0, 1.0, 1.0))
    offset = np.arange(41) - 20.0
    for axis, expected_voxels in ((0, 2.0), (1, 3.0), (2, 0.0)):
        others = tuple(other for other in range(3) if other != axis)
        variance = (smoothed.sum(axis=others) * offset**2).sum()
        assert np.sqrt(variance) == pytest.approx(expected_voxels, rel=0.01)


def test_no_deviation_changes_nothing():
    posterior = random_posteriors(0)[1]
    np.testing.assert_array_equal(smooth(posterior, (0, 0, 0), (1, 1, 1)), posterior)
