"""Changing intensities: what each kind does, limits, draws, independence of the batch."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.transforms.intensity import IntensityParameters, apply_intensity, draw_intensity

RANGE = (-1.0, 1.0)


def crops(count: int = 1, channels: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    return torch.rand(count, channels, 4, 5, 6, generator=generator) - 0.5


def change(images: torch.Tensor, **fields: float) -> torch.Tensor:
    parameters = [IntensityParameters(**fields)] * len(images)
    return apply_intensity(images, parameters=parameters, output_range=RANGE)


def test_brightness_shifts():
    torch.testing.assert_close(change(crops(), brightness=0.25), crops() + 0.25)


def test_contrast_widens_about_the_mean_of_each_channel():
    images = crops(channels=2)
    images[:, 1] += 0.1

    changed = change(images, contrast=1.5)

    torch.testing.assert_close(changed.mean((2, 3, 4)), images.mean((2, 3, 4)))
    torch.testing.assert_close(changed.std((2, 3, 4)), images.std((2, 3, 4)) * 1.5)


def test_gamma_bends_within_the_range_and_holds_its_ends():
    images = torch.tensor([-1.0, 0.0, 1.0, 3.0, -2.0]).reshape(1, 1, 1, 1, 5)

    changed = change(images, gamma=2.0).flatten()

    torch.testing.assert_close(changed, torch.tensor([-1.0, -0.5, 1.0, 3.0, -2.0]))


def test_noise_has_its_standard_deviation():
    images = torch.zeros(1, 1, 20, 20, 20)

    noise = change(images, noise_std=0.1, noise_seed=3)

    assert noise.std().item() == pytest.approx(0.1, rel=0.05)
    assert noise.mean().item() == pytest.approx(0.0, abs=0.01)
    assert not torch.equal(noise, change(images, noise_std=0.1, noise_seed=4))


@settings(max_examples=40, deadline=None)
@given(
    brightness=st.floats(-3, 3),
    contrast=st.floats(0.1, 5),
    gamma=st.floats(0.2, 5),
    noise_std=st.floats(0, 2),
    widening=st.floats(0.5, 6),
)
def test_values_stay_finite_and_in_range(brightness, contrast, gamma, noise_std, widening):
    images = crops() * widening

    changed = change(
        images, brightness=brightness, contrast=contrast, gamma=gamma, noise_std=noise_std
    )

    assert bool(changed.isfinite().all())
    assert changed.min() >= min(-1.0, images.min())
    assert changed.max() <= max(1.0, images.max())


def test_crops_without_change_come_back_bit_for_bit_beside_changed_ones():
    images = crops(3)
    noisy, still = (
        IntensityParameters(noise_std=0.1, noise_seed=5),
        IntensityParameters(noise_seed=9),
    )

    mixed = apply_intensity(images, parameters=[still, noisy, still], output_range=RANGE)
    alone = apply_intensity(images[1:2], parameters=[noisy], output_range=RANGE)

    assert torch.equal(mixed[[0, 2]], crops(3)[[0, 2]])
    assert torch.equal(mixed[1:2], alone) and not torch.equal(alone, crops(3)[1:2])
    assert torch.equal(images, crops(3))


def test_the_global_generator_is_left_alone():
    before = torch.get_rng_state()

    change(crops(), noise_std=0.1)

    assert torch.equal(torch.get_rng_state(), before)


def test_a_change_is_needed_for_each_crop():
    with pytest.raises(ValueError, match="got 2 and 1"):
        apply_intensity(crops(2), parameters=[IntensityParameters()], output_range=RANGE)


def draw(seed: int, *, probability: float = 1.0, **fields: object) -> IntensityParameters:
    limits: dict = {"random_brightness": 0.2, "random_contrast": (0.8, 1.2)}
    limits |= {"random_gamma": (0.7, 1.5), "random_noise_std": 0.05, **fields}
    generator = np.random.default_rng([seed])
    return draw_intensity(generator, **limits, augmentation_probability=probability)


def test_draws_keep_within_their_limits_and_follow_the_seed():
    drawn = [draw(seed) for seed in range(200)]

    assert drawn == [draw(seed) for seed in range(200)]
    assert all(abs(each.brightness) <= 0.2 and 0 <= each.noise_std <= 0.05 for each in drawn)
    assert all(0.8 <= each.contrast <= 1.2 and 0.7 <= each.gamma <= 1.5 for each in drawn)
    assert len({each.noise_seed for each in drawn}) == 200
    assert max(each.noise_std for each in drawn) > 0.045
    assert min(each.brightness for each in drawn) < -0.15


@pytest.mark.parametrize("seed", range(5))
def test_fields_that_are_off_change_nothing(seed):
    off = {"random_brightness": 0, "random_contrast": (1, 1), "random_gamma": (1, 1)}

    assert draw(seed, **off, random_noise_std=0).is_identity()
    assert draw(seed, probability=0.0).is_identity()


def test_each_kind_happens_with_its_own_chance():
    drawn = [draw(seed, probability=0.3) for seed in range(1000)]
    kinds = np.array(
        [
            [each.gamma != 1, each.contrast != 1, each.brightness != 0, each.noise_std != 0]
            for each in drawn
        ]
    )

    np.testing.assert_allclose(kinds.mean(axis=0), 0.3, atol=0.05)
    np.testing.assert_allclose(np.corrcoef(kinds.T) - np.eye(4), 0.0, atol=0.1)


def test_one_field_does_not_change_the_draws_of_another():
    changed = draw(4, random_gamma=(1, 1), random_noise_std=0.0)

    assert (changed.brightness, changed.noise_seed) == (draw(4).brightness, draw(4).noise_seed)
