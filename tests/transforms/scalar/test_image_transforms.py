"""The original's transforms of slices, each against its formula."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from innereye.errors import ConfigError
from innereye.transforms.scalar.image_transforms import (
    AddGaussianNoise,
    ElasticTransform,
    ExpandChannels,
    RandomGamma,
)
from innereye.transforms.scalar.random_scope import random_scope


def slices(*shape: int) -> torch.Tensor:
    return torch.rand(shape or (3, 2, 16, 20), generator=torch.Generator().manual_seed(2))


def changed(transform, image, seed=1):
    before = image.clone()
    with random_scope(seed):
        result = transform(image)
    assert torch.equal(image, before)
    return result


def test_one_gamma_bends_all_slices_and_channels():
    images = slices()

    gamma = torch.log(changed(RandomGamma(scale=(0.5, 1.5)), images)) / torch.log(images)

    torch.testing.assert_close(gamma, gamma.mean().expand(gamma.shape), atol=1e-3, rtol=0)
    assert 0.5 <= gamma.mean() <= 1.5


def test_gammas_are_drawn_evenly_from_their_scale():
    half = torch.full((1, 1, 1, 1), 0.5)
    gammas = [
        -float(torch.log2(changed(RandomGamma((0.5, 1.5)), half, seed))) for seed in range(300)
    ]

    assert 0.5 <= min(gammas) < 0.53 and 1.47 < max(gammas) <= 1.5
    assert np.mean(gammas) == pytest.approx(1.0, abs=0.06)


def test_gamma_never_leaves_zero_to_one():
    images = torch.tensor([-1.0, 0.0, 1.0, 7.0]).reshape(1, 1, 1, 4)

    assert changed(RandomGamma((0.5, 0.5)), images).flatten().tolist() == [0, 0, 1, 1]


def test_one_channel_becomes_three():
    images = slices(3, 1, 4, 5)

    expanded = ExpandChannels()(images)

    assert expanded.shape == (3, 3, 4, 5)
    assert all(torch.equal(expanded[:, [channel]], images) for channel in range(3))


def test_one_pattern_of_noise_is_added_to_all_slices_and_channels():
    images = slices(3, 2, 60, 60) * 0.2
    images[0, 0, 0, :2] = torch.tensor([-9.0, 9.0])

    noise = changed(AddGaussianNoise(p_apply=1, std=0.1), images) - images

    torch.testing.assert_close(noise[1:], noise[1, 0].expand(2, 2, 60, 60), atol=1e-6, rtol=0)
    assert noise[1, 0].std().item() == pytest.approx(0.1, rel=0.05)
    assert noise[1, 0].mean().item() == pytest.approx(0, abs=0.01)


def test_noise_keeps_within_the_range_of_the_image():
    noisy = changed(AddGaussianNoise(1, 5), slices())

    assert noisy.min() == slices().min() and noisy.max() == slices().max()


@pytest.mark.parametrize("transform", [AddGaussianNoise(0.3, 0.1), ElasticTransform(2, 9, 0.3)])
def test_a_change_happens_with_its_probability(transform):
    images = slices(1, 1, 4, 4)
    happened = [not torch.equal(changed(transform, images, seed), images) for seed in range(500)]

    assert np.mean(happened) == pytest.approx(0.3, abs=0.06)


def test_bending_takes_each_pixel_from_its_shifted_place():
    with random_scope(1):
        torch.rand(1, dtype=torch.float64)  # the draw that decides whether
        noise = torch.rand((2, 16, 20), dtype=torch.float64).numpy() * 2 - 1
    shift_x, shift_y = (30 * ndimage.gaussian_filter(each, 3) for each in noise)
    y, x = np.indices((16, 20))

    bent = changed(ElasticTransform(sigma=3, alpha=30, p_apply=1), slices())

    for place in np.ndindex(3, 2):
        expected = ndimage.map_coordinates(
            slices()[place].numpy().astype(float),
            [y + shift_y, x + shift_x],
            order=1,
            mode="reflect",
        )
        np.testing.assert_allclose(bent[place], expected, atol=2e-5)
    assert np.abs(shift_x).max() > 2


def test_a_bending_of_nothing_leaves_the_image():
    torch.testing.assert_close(changed(ElasticTransform(4, 0, 1), slices()), slices())


@pytest.mark.parametrize(
    ("transform", "image"),
    [
        (RandomGamma((0.5, 1.5)), torch.zeros(1, 4, 4)),
        (RandomGamma((0.5, 1.5)), torch.zeros(1, 1, 4, 4, dtype=torch.uint8)),
        (ExpandChannels(), torch.zeros(1, 2, 4, 4)),
        (ExpandChannels(), torch.zeros(1, 4, 4)),
        (ElasticTransform(4, 30, 1), torch.zeros(1, 4, 4)),
    ],
)
def test_other_images_are_refused_with_their_shape(transform, image):
    with pytest.raises(ConfigError, match=r"needs an image .*got the shape \(1, "):
        transform(image)


@pytest.mark.parametrize(
    "make",
    [
        lambda: RandomGamma((1.5, 0.5)),
        lambda: RandomGamma((0.0, 1.0)),
        lambda: AddGaussianNoise(1.5, 0.1),
        lambda: AddGaussianNoise(0.5, -0.1),
        lambda: ElasticTransform(-1, 30, 0.5),
        lambda: ElasticTransform(4, 30, -0.5),
    ],
)
def test_arguments_that_cannot_be_are_refused(make):
    with pytest.raises(ConfigError, match=r"needs .*; got"):
        make()
