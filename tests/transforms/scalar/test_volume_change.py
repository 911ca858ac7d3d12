"""Changing whole volumes: laws of geometry, ranges, draws."""

import numpy as np
import pytest
import torch

from innereye.errors import ConfigError
from innereye.transforms.affine import AffineParameters
from innereye.transforms.intensity import IntensityParameters
from innereye.transforms.scalar.random_scope import random_scope
from innereye.transforms.scalar.volume_change import VolumeAugmentation, VolumeChange

ALL = VolumeAugmentation(
    random_rotation_degrees=(20.0, 10.0, 5.0),
    random_scaling=(0.8, 1.2),
    random_shift=(0.1, 0.2, 0.3),
    random_flip_axes=("z", "x"),
    random_brightness=0.2,
    random_contrast=(0.8, 1.2),
    random_gamma=(0.7, 1.4),
    random_noise_std=0.1,
    augmentation_probability=1.0,
)


def volume(*shape: int) -> torch.Tensor:
    return torch.rand(shape or (2, 8, 8, 8), generator=torch.Generator().manual_seed(1))


def apply(image, *, rotation=(0.0, 0.0, 0.0), scaling=1.0, shift=(0.0, 0.0, 0.0), flip=(), **other):
    change = VolumeChange(
        AffineParameters(rotation, scaling), shift, flip, IntensityParameters(**other)
    )
    return VolumeAugmentation().apply(image, change)


def draw(augmentation: VolumeAugmentation, seed: int) -> VolumeChange:
    return augmentation.draw(np.random.default_rng(seed))


def test_a_change_of_nothing_leaves_the_volume_bit_for_bit():
    assert torch.equal(apply(volume()), volume())
    assert torch.equal(VolumeAugmentation()(volume()), volume())


@pytest.mark.parametrize(("axis", "plane"), [(0, (2, 3)), (1, (1, 3)), (2, (1, 2))])
def test_quarter_turns_equal_rot90_for_each_channel(axis, plane):
    degrees = [0.0, 0.0, 0.0]
    degrees[axis] = 90.0

    turned = apply(volume(), rotation=tuple(degrees))

    torch.testing.assert_close(turned, torch.rot90(volume(), 1, plane), atol=1e-4, rtol=0)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("voxels", [2, -3])
def test_a_shift_moves_by_its_share_of_the_size_and_continues_the_border(axis, voxels):
    image = volume(2, 8, 10, 12)
    size = image.shape[1 + axis]
    shift = [0.0, 0.0, 0.0]
    shift[axis] = voxels / size

    moved = apply(image, shift=tuple(shift))

    places = (torch.arange(size) - voxels).clamp(0, size - 1)
    torch.testing.assert_close(moved, image.index_select(1 + axis, places), atol=1e-5, rtol=0)


def test_a_shift_comes_after_the_turn():
    turned = apply(volume(), rotation=(90.0, 0.0, 0.0))

    both = apply(volume(), rotation=(90.0, 0.0, 0.0), shift=(0.0, 0.25, 0.0))

    torch.testing.assert_close(both, apply(turned, shift=(0.0, 0.25, 0.0)), atol=1e-4, rtol=0)


def test_flips_mirror_the_named_axes():
    assert torch.equal(apply(volume(), flip=(0, 2)), volume().flip([1, 3]))


def test_flat_images_can_be_turned_and_shifted():
    image = volume(3, 1, 9, 9)

    turned = apply(image, rotation=(90.0, 0.0, 0.0))

    torch.testing.assert_close(turned, torch.rot90(image, 1, (2, 3)), atol=1e-4, rtol=0)


def test_brightness_and_noise_are_shares_of_the_value_range():
    image = volume() * 200
    augmentation = VolumeAugmentation(value_range=(0.0, 1000.0))
    change = VolumeChange(AffineParameters(), (0, 0, 0), (), IntensityParameters(brightness=0.1))

    torch.testing.assert_close(augmentation.apply(image, change), image + 100)


@pytest.mark.parametrize("seed", range(8))
def test_all_at_once_keeps_shape_type_and_range(seed):
    image = volume(2, 6, 9, 7) * 50 - 10

    changed = ALL.apply(image, draw(ALL, seed))

    assert changed.shape == image.shape and changed.dtype is torch.float32
    assert changed.isfinite().all() and not torch.equal(changed, image)
    assert image.min() <= changed.min() and changed.max() <= image.max()


def test_a_constant_volume_stays_finite():
    assert ALL.apply(torch.full((1, 4, 4, 4), 7.0), draw(ALL, 0)).isfinite().all()


def test_draws_keep_within_their_limits_and_follow_the_seed():
    drawn = [draw(ALL, seed) for seed in range(200)]

    assert drawn == [draw(ALL, seed) for seed in range(200)]
    shifts = np.abs([each.shift_zyx for each in drawn]).max(axis=0)
    assert np.all(shifts <= (0.1, 0.2, 0.3)) and np.all(shifts > (0.09, 0.18, 0.27))
    assert {axis for each in drawn for axis in each.flip_axes} == {0, 2}


def test_one_field_does_not_change_the_draws_of_another():
    still = VolumeAugmentation(random_brightness=0.2, augmentation_probability=1.0)

    assert draw(still, 4).intensity.brightness == draw(ALL, 4).intensity.brightness


def test_each_kind_happens_with_its_probability():
    seldom = VolumeAugmentation(random_shift=(0.1, 0.1, 0.1), augmentation_probability=0.3)

    happened = [any(draw(seldom, seed).shift_zyx) for seed in range(1000)]

    assert np.mean(happened) == pytest.approx(0.3, abs=0.05)


def test_a_call_follows_the_global_generator_of_torch():
    results = []
    for seed in (1, 1, 2):
        with random_scope(seed):
            results.append(ALL(volume()))

    assert torch.equal(results[0], results[1]) and not torch.equal(results[0], results[2])


def test_all_fields_that_cannot_be_are_named_at_once():
    with pytest.raises(ConfigError) as caught:
        VolumeAugmentation(
            random_shift=(0.1, -0.1, 0.0),
            random_scaling=(1.2, 0.8),
            random_noise_std=-1.0,
            random_flip_axes=("w",),
            augmentation_probability=2.0,
        )

    message = str(caught.value)
    names = ("shift", "scaling", "noise_std", "flip_axes")
    assert all(f"random_{name} needs" in message for name in names)
    assert "augmentation_probability needs a number from 0 to 1; got 2.0." in message
