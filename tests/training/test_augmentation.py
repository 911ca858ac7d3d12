"""All random changes of crops together: drawn apart from applied, and so replayed at will."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.training.augmentation import Augmentation
from innereye.transforms.affine import draw_affine
from innereye.transforms.intensity import draw_intensity
from innereye.transforms.warp import Volumes

OFF = Augmentation(
    random_rotation_degrees=(0.0, 0.0, 0.0),
    random_scaling=(1.0, 1.0),
    random_brightness=0.0,
    random_contrast=(1.0, 1.0),
    random_gamma=(1.0, 1.0),
    random_noise_std=0.0,
    random_elastic_mm=0.0,
    random_elastic_smoothness_mm=32.0,
    random_flip_axes=(),
    random_blur=(0.0, 0.0),
    augmentation_probability=1.0,
    output_range=(-1.0, 1.0),
    check_exclusive=True,
)
ALL = replace(
    OFF,
    random_rotation_degrees=(15.0, 10.0, 5.0),
    random_scaling=(0.8, 1.2),
    random_brightness=0.2,
    random_contrast=(0.7, 1.3),
    random_gamma=(0.7, 1.5),
    random_noise_std=0.1,
    random_elastic_mm=5.0,
    random_flip_axes=("z", "x"),
    random_blur=(0.5, 1.5),
)
SIZE = (8, 9, 10)


def volumes(count: int = 2) -> Volumes:
    generator = torch.Generator().manual_seed(1)
    structure = (torch.rand(count, 1, *SIZE, generator=generator) < 0.4).to(torch.uint8)
    images = torch.rand(count, 2, *SIZE, generator=generator) * 2 - 1
    return Volumes(images, torch.cat([1 - structure, structure], 1), structure[:, 0])


def changed(augmentation: Augmentation, changes) -> list[torch.Tensor]:
    given = augmentation.apply(
        volumes(len(changes)), changes=changes, spacings_zyx_mm=[(2.0, 1.0, 1.0)] * len(changes)
    )
    return [given.images, given.labels, given.masks]


def drawn(augmentation: Augmentation, seed: int):
    return augmentation.draw(np.random.default_rng([seed]))


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 2**31))
def test_the_same_draws_give_the_same_bytes(seed):
    changes = [drawn(ALL, seed), drawn(ALL, seed + 1)]
    again = [drawn(ALL, seed), drawn(ALL, seed + 1)]

    assert changes == again
    assert all(
        torch.equal(a, b) for a, b in zip(changed(ALL, changes), changed(ALL, again), strict=True)
    )


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**31), st.sampled_from([OFF, replace(ALL, augmentation_probability=0.0)]))
def test_changes_that_are_off_leave_every_bit(seed, augmentation):
    change = drawn(augmentation, seed)
    before = volumes(1)

    after = changed(augmentation, [change])

    for old, new in zip((before.images, before.labels, before.masks), after, strict=True):
        assert torch.equal(old, new)


@pytest.mark.parametrize("seed", range(3))
def test_kinds_that_came_later_leave_the_draws_of_the_first(seed):
    generator = np.random.default_rng([seed])
    affine = draw_affine(
        generator,
        random_rotation_degrees=ALL.random_rotation_degrees,
        random_scaling=ALL.random_scaling,
        augmentation_probability=1.0,
    )
    intensity = draw_intensity(
        generator,
        random_brightness=0.4,
        random_contrast=ALL.random_contrast,
        random_gamma=ALL.random_gamma,
        random_noise_std=0.2,
        augmentation_probability=1.0,
    )

    change = drawn(ALL, seed)

    assert (change.warp.affine, change.intensity) == (affine, intensity)


@pytest.mark.parametrize(
    "field",
    [
        {"random_rotation_degrees": (0.0, 0.0, 0.0)},
        {"random_noise_std": 0.0},
        {"random_elastic_mm": 0.0},
        {"random_flip_axes": ()},
        {"random_blur": (0.0, 0.0)},
    ],
)
def test_a_kind_that_is_off_leaves_the_draws_of_the_others(field):
    without, everything = drawn(replace(ALL, **field), 5), drawn(ALL, 5)

    kinds = [
        (change.warp.affine.scaling, change.intensity.gamma, change.intensity.noise_seed)
        for change in (without, everything)
    ]
    later = [
        (change.warp.elastic.seed, change.warp.flip_axes, change.blur_sigma)
        for change in (without, everything)
    ]
    assert kinds[0] == kinds[1]
    assert sum(a != b for a, b in zip(*later, strict=True)) <= 1


def test_each_axis_is_mirrored_half_of_the_times_and_no_other():
    flips = [drawn(ALL, seed).warp.flip_axes for seed in range(600)]

    assert {axis for axes in flips for axis in axes} == {0, 2}
    for axis in (0, 2):
        assert np.mean([axis in axes for axes in flips]) == pytest.approx(0.5, abs=0.07)
    assert np.mean([axes == (0, 2) for axes in flips]) == pytest.approx(0.25, abs=0.06)


def test_each_kind_happens_with_its_own_chance():
    draws = [drawn(replace(ALL, augmentation_probability=0.4), seed) for seed in range(600)]

    kinds = np.array(
        [
            [
                change.warp.affine.scaling != 1,
                not change.warp.elastic.is_identity(),
                change.blur_sigma > 0,
                change.intensity.gamma != 1,
            ]
            for change in draws
        ]
    )
    np.testing.assert_allclose(kinds.mean(axis=0), 0.4, atol=0.07)
    np.testing.assert_allclose(np.corrcoef(kinds.T) - np.eye(4), 0.0, atol=0.13)
