"""Rotating and scaling crops: laws of geometry, one-hot labels, draws."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.transforms.affine import AffineParameters, draw_affine
from innereye.transforms.warp import Volumes, WarpParameters, apply_warp

UNIT = (1.0, 1.0, 1.0)


def one_hot(classes: np.ndarray, num_classes: int = 3) -> torch.Tensor:
    """Labels (1, K, Z, Y, X) of a class map (Z, Y, X)."""
    return torch.from_numpy(np.eye(num_classes, dtype=np.float32)[classes]).movedim(-1, 0)[None]


def ball(size_zyx: tuple[int, int, int], spacing: tuple[float, float, float], radius_mm: float):
    """Labels of a ball in the middle of a volume."""
    places = [
        (np.arange(size) - (size - 1) / 2) * step
        for size, step in zip(size_zyx, spacing, strict=True)
    ]
    squares = sum(axis**2 for axis in np.meshgrid(*places, indexing="ij"))
    return one_hot((squares <= radius_mm**2).astype(int), 2)


def move(images, labels, spacing=UNIT, *, exclusive=True, **change):
    moved = apply_warp(
        Volumes(images, labels),
        parameters=[WarpParameters(AffineParameters(**change))] * len(images),
        spacings_zyx_mm=[spacing] * len(images),
        exclusive=exclusive,
    )
    return moved.images, moved.labels


@pytest.mark.parametrize(("axis", "plane"), [(0, (1, 2)), (1, (0, 2)), (2, (0, 1))])
@pytest.mark.parametrize("turns", [1, 2, -1])
def test_quarter_turns_equal_rot90(axis, plane, turns):
    rng = np.random.default_rng(5)
    image, classes = rng.random((9, 9, 9), dtype=np.float32), rng.integers(0, 3, (9, 9, 9))
    degrees = [0.0, 0.0, 0.0]
    degrees[axis] = 90.0 * turns

    moved, labels = move(
        torch.from_numpy(image)[None, None], one_hot(classes), rotation_zyx_degrees=tuple(degrees)
    )

    np.testing.assert_allclose(moved[0, 0].numpy(), np.rot90(image, turns, plane), atol=1e-4)
    assert torch.equal(labels, one_hot(np.rot90(classes, turns, plane)))


def test_x_is_turned_before_y_and_y_before_z():
    image = np.random.default_rng(5).random((8, 8, 8), dtype=np.float32)
    expected = np.rot90(np.rot90(np.rot90(image, 1, (0, 1)), 1, (0, 2)), 1, (1, 2))

    moved, _ = move(
        torch.from_numpy(image)[None, None],
        one_hot(np.zeros((8, 8, 8), int)),
        rotation_zyx_degrees=(90.0, 90.0, 90.0),
    )

    np.testing.assert_allclose(moved[0, 0].numpy(), expected, atol=1e-4)


def test_a_rotation_is_one_in_mm():
    # A ball in mm is an ellipsoid in voxels; only a rotation in mm takes it to itself.
    spacing = (3.0, 1.0, 1.5)
    labels = ball((12, 36, 24), spacing, 14.0)

    _, moved = move(labels[:, :1], labels, spacing, rotation_zyx_degrees=(40.0, 30.0, 50.0))

    dice = 2 * (moved[:, 1] * labels[:, 1]).sum() / (moved[:, 1].sum() + labels[:, 1].sum())
    assert dice.item() > 0.96


@pytest.mark.parametrize("scaling", [0.7, 0.9, 1.2])
@pytest.mark.parametrize("spacing", [UNIT, (2.0, 1.0, 1.0)])
def test_a_volume_grows_with_the_cube_of_the_scaling(scaling, spacing):
    labels = ball((24 if spacing == UNIT else 20, 40, 40), spacing, 9.5)

    _, moved = move(labels[:, :1], labels, spacing, scaling=scaling)

    ratio = (moved[:, 1].sum() / labels[:, 1].sum()).item()
    assert ratio == pytest.approx(scaling**3, rel=0.06)


@settings(max_examples=25, deadline=None)
@given(
    angles=st.tuples(*[st.floats(-180, 180)] * 3),
    scaling=st.floats(0.5, 2.0),
    exclusive=st.booleans(),
    seed=st.integers(0, 9),
)
def test_labels_stay_one_hot_and_images_within_their_range(angles, scaling, exclusive, seed):
    rng = np.random.default_rng(seed)
    images = torch.from_numpy(rng.random((1, 2, 5, 7, 6), dtype=np.float32))
    labels = one_hot(rng.integers(0, 3, (5, 7, 6)))

    moved, turned = move(
        images, labels, exclusive=exclusive, rotation_zyx_degrees=angles, scaling=scaling
    )

    assert set(turned.unique().tolist()) <= {0.0, 1.0}
    assert torch.equal(turned.sum(dim=1), torch.ones(1, 5, 7, 6))
    assert images.min() - 1e-5 <= moved.min() and moved.max() <= images.max() + 1e-5


def test_there_and_back_again_is_nearly_the_same():
    image = (
        torch.linspace(0, 1, 20)[None, None, None, :, None].expand(1, 1, 20, 20, 20).contiguous()
    )
    labels = ball((20, 20, 20), UNIT, 6.0)

    there, turned = move(image, labels, rotation_zyx_degrees=(20.0, 0.0, 0.0))
    back, returned = move(there, turned, rotation_zyx_degrees=(-20.0, 0.0, 0.0))

    middle = slice(6, 14)
    torch.testing.assert_close(
        back[..., middle, middle, middle], image[..., middle, middle, middle], atol=0.01, rtol=0
    )
    assert (returned != labels).float().mean().item() < 0.02


def test_outside_lies_background_and_the_border_value_of_the_image():
    labels = one_hot(np.ones((8, 8, 8), int))
    images = torch.full((1, 1, 8, 8, 8), 0.3)

    moved, shrunk = move(images, labels, scaling=0.5)

    torch.testing.assert_close(moved, images)
    assert torch.equal(shrunk[0, 1, 2:6, 2:6, 2:6], torch.ones(4, 4, 4))
    assert shrunk[0, 1].sum().item() == 64
    assert shrunk[0, 0].sum().item() == 8**3 - 64


def test_overlapping_structures_keep_their_overlap():
    labels = torch.zeros(1, 3, 10, 10, 10)
    labels[0, 1, 3:7, 3:7, 3:7] = 1
    labels[0, 2, 2:8, 2:8, 2:8] = 1
    labels[0, 0] = 1 - labels[0, 2]

    _, turned = move(labels[:, :1], labels, exclusive=False, rotation_zyx_degrees=(90.0, 0.0, 0.0))

    assert torch.equal(turned, labels)


def test_crops_without_change_come_back_bit_for_bit_beside_changed_ones():
    torch.manual_seed(0)
    images, labels = (
        torch.randn(3, 1, 6, 6, 6),
        one_hot(np.zeros((6, 6, 6), int)).repeat(3, 1, 1, 1, 1),
    )
    before = images.clone()
    turn = WarpParameters(AffineParameters(rotation_zyx_degrees=(30.0, 0.0, 0.0)))
    still = WarpParameters()
    one = Volumes(images[1:2], labels[1:2])

    mixed = apply_warp(
        Volumes(images, labels), parameters=[still, turn, still], spacings_zyx_mm=[UNIT] * 3
    ).images
    alone = apply_warp(one, parameters=[turn], spacings_zyx_mm=[UNIT]).images

    assert torch.equal(mixed[[0, 2]], before[[0, 2]])
    assert torch.equal(mixed[1:2], alone) and not torch.equal(alone, before[1:2])
    assert torch.equal(images, before)


def test_the_type_of_labels_is_kept():
    labels = ball((6, 6, 6), UNIT, 2.0).to(torch.uint8)

    _, moved = move(torch.zeros(1, 1, 6, 6, 6), labels, scaling=1.1)

    assert moved.dtype is torch.uint8


def test_a_change_is_needed_for_each_crop():
    with pytest.raises(ValueError, match="2 images, 2 labels, 1 changes, 2 spacings"):
        apply_warp(
            Volumes(torch.zeros(2, 1, 4, 4, 4), torch.zeros(2, 2, 4, 4, 4)),
            parameters=[WarpParameters()],
            spacings_zyx_mm=[UNIT] * 2,
        )


def draw(seed: int, degrees=(10.0, 5.0, 0.0), scaling=(0.8, 1.2), probability=1.0):
    return draw_affine(
        np.random.default_rng([seed]),
        random_rotation_degrees=degrees,
        random_scaling=scaling,
        augmentation_probability=probability,
    )


def test_draws_keep_within_their_limits_and_follow_the_seed():
    drawn = [draw(seed) for seed in range(200)]

    assert drawn == [draw(seed) for seed in range(200)]
    assert all(abs(each.rotation_zyx_degrees[0]) <= 10 for each in drawn)
    assert all(each.rotation_zyx_degrees[2] == 0 for each in drawn)
    assert all(0.8 <= each.scaling <= 1.2 for each in drawn)
    assert max(each.rotation_zyx_degrees[0] for each in drawn) > 8
    assert min(each.rotation_zyx_degrees[0] for each in drawn) < -8


@pytest.mark.parametrize("seed", range(5))
def test_fields_that_are_off_change_nothing(seed):
    assert draw(seed, (0, 0, 0), (1, 1)).is_identity()
    assert draw(seed, probability=0.0).is_identity()


def test_each_kind_happens_with_its_own_chance():
    drawn = [draw(seed, probability=0.3) for seed in range(1000)]
    rotated = np.array([any(each.rotation_zyx_degrees) for each in drawn])
    scaled = np.array([each.scaling != 1 for each in drawn])

    for share, expected in ((rotated, 0.3), (scaled, 0.3), (rotated & scaled, 0.09)):
        assert math.isclose(share.mean(), expected, abs_tol=0.05)


def test_one_field_does_not_change_the_draws_of_another():
    assert draw(4).scaling == draw(4, (0, 0, 0)).scaling
    assert draw(4).rotation_zyx_degrees == draw(4, scaling=(1, 1)).rotation_zyx_degrees
