"""A scan that comes twice is found, whatever its size and brightness; others are not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.metrics.near_duplicates import EDGE, alike_pairs, thumbprint

SIZES = st.tuples(*[st.integers(1, 40)] * 3)


def scan(number, size=(64, 64, 64)):
    """Return a body that all scans share, with blobs of its own."""
    generator = np.random.default_rng(number)
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in size), indexing="ij", sparse=True)
    image = 100.0 * (z**2 + y**2 + x**2 < 0.8)
    for _ in range(12):
        c = generator.uniform(-0.7, 0.7, 3)
        away = (z - c[0]) ** 2 + (y - c[1]) ** 2 + (x - c[2]) ** 2
        image += generator.uniform(-60, 60) * np.exp(-away / 0.04)
    return image


def pairs_of(images):
    return [(pair.first, pair.second) for pair in alike_pairs([thumbprint(i) for i in images])]


DISTINCT = [scan(number) for number in range(8)]


def test_distinct_scans_are_not_alike():
    assert pairs_of(DISTINCT) == []


@pytest.mark.parametrize(
    "again",
    [
        DISTINCT[2],
        3 * DISTINCT[2] + 500,
        DISTINCT[2].reshape(32, 2, 32, 2, 32, 2).mean(axis=(1, 3, 5)),
        DISTINCT[2] + np.random.default_rng(0).normal(0, 5, DISTINCT[2].shape),
    ],
    ids=["equal", "brighter", "coarser", "noisy"],
)
def test_a_scan_that_comes_twice_is_found(again):
    assert pairs_of([*DISTINCT, again]) == [(2, 8)]


def test_three_of_a_kind_are_three_pairs():
    assert pairs_of([*DISTINCT, DISTINCT[2], 2 * DISTINCT[2]]) == [(2, 8), (2, 9), (8, 9)]


def test_of_two_scans_nothing_is_known():
    assert pairs_of(DISTINCT[:2]) == []


def test_a_scan_without_contrast_is_like_nothing():
    flat = np.full((4, 5, 6), 7.0)
    assert pairs_of([flat, *DISTINCT]) == []


@settings(max_examples=25)
@given(size=SIZES)
def test_thumbprints_have_one_size_and_no_mean(size):
    values = thumbprint(np.random.default_rng(1).normal(size=size))
    assert values.shape == (EDGE**3,)
    assert values.sum() == pytest.approx(0, abs=1e-3)
    assert np.linalg.norm(values) == pytest.approx(1, abs=1e-5) or min(size) == max(size) == 1


@pytest.mark.parametrize("seed", range(3))
def test_whole_voxels_are_averaged_exactly(seed):
    image = np.random.default_rng(seed).integers(-9, 9, (16, 32, 48)).astype(np.float32)
    means = image.reshape(16, 1, 16, 2, 16, 3).mean(axis=(1, 3, 5)).ravel()
    expected = means - means.mean()
    assert thumbprint(image) == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)
