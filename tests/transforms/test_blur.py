"""Blurring crops: a Gaussian, borders, draws."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.transforms.blur import apply_blur, draw_blur


def impulse(size: int = 21) -> torch.Tensor:
    image = torch.zeros(1, 1, size, size, size)
    image[0, 0, size // 2, size // 2, size // 2] = 1.0
    return image


@pytest.mark.parametrize("sigma", [1.0, 1.5, 2.5])
def test_an_impulse_becomes_a_gaussian(sigma):
    along = apply_blur(impulse(), sigmas=[sigma])[0, 0].sum(dim=(1, 2)).numpy()

    places = np.arange(21) - 10
    assert along.sum() == pytest.approx(1.0, abs=1e-5)
    assert np.sqrt((along * places**2).sum()) == pytest.approx(sigma, rel=0.03)
    assert along[10 + 1] / along[10] == pytest.approx(np.exp(-0.5 / sigma**2), rel=1e-4)


@settings(max_examples=8, deadline=None)
@given(st.floats(0.05, 6.0), st.tuples(*[st.integers(1, 9)] * 3), st.integers(0, 9))
def test_values_stay_within_their_range_and_a_constant_stays(sigma, size, seed):
    image = torch.rand(1, 2, *size, generator=torch.Generator().manual_seed(seed))

    blurred = apply_blur(image, sigmas=[sigma])

    assert image.min() - 1e-6 <= blurred.min() <= blurred.max() <= image.max() + 1e-6
    torch.testing.assert_close(apply_blur(torch.ones_like(image), sigmas=[sigma]), image * 0 + 1)


def test_crops_that_are_not_blurred_come_back_bit_for_bit():
    images = torch.rand(3, 1, 5, 6, 7)

    mixed = apply_blur(images, sigmas=[0.0, 1.0, 0.0])

    assert apply_blur(images, sigmas=[0.0] * 3) is images
    assert torch.equal(mixed[[0, 2]], images[[0, 2]])
    assert torch.equal(mixed[1:2], apply_blur(images[1:2], sigmas=[1.0]))
    assert not torch.equal(mixed[1], images[1])


def test_a_sigma_is_needed_for_each_crop():
    with pytest.raises(ValueError, match="got 2 and 1"):
        apply_blur(torch.zeros(2, 1, 3, 3, 3), sigmas=[1.0])


def test_draws_keep_within_their_limits_and_happen_with_their_chance():
    draws = [
        draw_blur(np.random.default_rng(seed), random_blur=(0.5, 1.5), augmentation_probability=0.3)
        for seed in range(600)
    ]

    blurred = [sigma for sigma in draws if sigma]
    assert len(blurred) / len(draws) == pytest.approx(0.3, abs=0.06)
    assert 0.5 <= min(blurred) < 0.6 < 1.4 < max(blurred) <= 1.5
