"""Moving image, labels and mask of a crop together: bending, mirroring, and all at once."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.transforms.affine import AffineParameters
from innereye.transforms.elastic import ElasticParameters, bending
from innereye.transforms.warp import Volumes, WarpParameters, apply_warp

SIZE = (6, 8, 10)
SPACING = (3.0, 1.0, 1.5)


def batch(count: int = 2, seed: int = 3) -> Volumes:
    """Random crops with one-hot labels of three classes and a mask."""
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, 3, (count, *SIZE))
    labels = np.moveaxis(np.eye(3, dtype=np.uint8)[classes], -1, 1)
    images = rng.normal(size=(count, 2, *SIZE)).astype(np.float32)
    masks = (rng.random((count, *SIZE)) < 0.7).astype(np.uint8)
    return Volumes(*(torch.from_numpy(np.ascontiguousarray(a)) for a in (images, labels, masks)))


def warp(volumes: Volumes, *changes: WarpParameters) -> Volumes:
    count = len(volumes.images)
    return apply_warp(
        volumes,
        parameters=changes if len(changes) == count else changes * count,
        spacings_zyx_mm=[SPACING] * count,
    )


def parts(volumes: Volumes) -> list[torch.Tensor]:
    assert volumes.masks is not None
    return [volumes.images, volumes.labels, volumes.masks]


elastic_changes = st.builds(
    ElasticParameters, st.floats(0.1, 8.0), st.floats(20.0, 60.0), st.integers(0, 99)
)
affine_changes = st.builds(
    AffineParameters, st.tuples(*[st.floats(-180, 180)] * 3), st.floats(0.5, 2.0)
)
changes = st.builds(
    WarpParameters, affine_changes, elastic_changes, st.sampled_from([(), (0,), (1, 2), (0, 1, 2)])
)


def test_no_change_is_no_change_bit_for_bit():
    volumes = batch()

    assert all(
        a is b for a, b in zip(parts(warp(volumes, WarpParameters())), parts(volumes), strict=True)
    )


@settings(max_examples=10, deadline=None)
@given(changes, st.booleans())
def test_whatever_moves_labels_stay_one_hot_and_values_in_their_range(change, exclusive):
    volumes = batch()

    moved = apply_warp(
        volumes,
        parameters=[change] * 2,
        spacings_zyx_mm=[SPACING] * 2,
        exclusive=exclusive,
    )

    images, labels, masks = parts(moved)
    assert [each.dtype for each in parts(moved)] == [each.dtype for each in parts(volumes)]
    assert torch.equal(labels.sum(dim=1), torch.ones(2, *SIZE, dtype=torch.int64))
    assert set(masks.unique().tolist()) <= {0, 1}
    assert (
        volumes.images.min() - 1e-5 <= images.min() <= images.max() <= volumes.images.max() + 1e-5
    )


@settings(max_examples=8, deadline=None)
@given(changes)
def test_the_same_change_gives_the_same_bytes_and_heeds_no_neighbour(change):
    volumes = batch()
    alone = Volumes(*(each[1:] for each in parts(volumes)))

    both = warp(volumes, WarpParameters(), change)

    assert all(
        torch.equal(a, b[1:]) for a, b in zip(parts(warp(alone, change)), parts(both), strict=True)
    )
    assert all(torch.equal(a[0], b[0]) for a, b in zip(parts(both), parts(volumes), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(parts(volumes), parts(batch()), strict=True))


@pytest.mark.parametrize("axes", [(0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_a_mirrored_crop_is_the_crop_turned_round(axes):
    volumes = batch()

    moved = warp(volumes, WarpParameters(flip_axes=axes))

    flips = [axis - 3 for axis in axes]
    assert all(
        torch.equal(a, b.flip(flips)) for a, b in zip(parts(moved), parts(volumes), strict=True)
    )


def test_mirrored_twice_along_two_axes_is_half_a_turn():
    volumes = Volumes(*(each[..., :6, :6] for each in parts(batch())))
    turn = AffineParameters(rotation_zyx_degrees=(180.0, 0.0, 0.0))

    mirrored, turned = (
        warp(volumes, WarpParameters(turn, flip_axes=axes)) for axes in ((1, 2), ())
    )

    torch.testing.assert_close(mirrored.images, volumes.images, atol=1e-4, rtol=0)
    assert torch.equal(mirrored.labels, volumes.labels)
    assert torch.equal(turned.masks, volumes.masks.flip([-1, -2]))


def test_mask_and_labels_move_together():
    volumes = batch()
    structure = Volumes(volumes.images, volumes.labels, volumes.labels[:, 1])
    change = WarpParameters(
        AffineParameters((20.0, 5.0, 5.0), 1.1), ElasticParameters(3.0, 20.0, 4)
    )

    moved = warp(structure, change)

    agree = (moved.masks == moved.labels[:, 1]).float().mean().item()
    assert agree > 0.75  # nearest against linear: noise of single voxels is the hardest case
    assert moved.masks.sum() > 0


def test_the_mask_is_not_valid_outside_the_crop():
    volumes = batch()
    everywhere = Volumes(volumes.images, volumes.labels, torch.ones_like(volumes.masks))

    shrunk = warp(everywhere, WarpParameters(AffineParameters(scaling=0.5)))

    assert shrunk.masks[:, 2:4, 2:6, 3:7].all()
    assert not any(shrunk.masks[..., edge].any() for edge in (0, 1, -2, -1))


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(*[st.integers(1, 40)] * 3),
    st.tuples(*[st.floats(0.3, 6)] * 3),
    st.floats(0.5, 80),
    st.integers(0, 99),
)
def test_shifts_are_a_mean_of_those_of_the_points_and_never_larger(size, spacing, smoothness, seed):
    bent = bending(ElasticParameters(2.0, smoothness, seed), size, spacing)

    for weights, length in zip(bent.weights, size, strict=True):
        assert len(weights) == length
        assert (weights >= 0).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    assert np.abs(bent.shifts_zyx_mm).max() <= 2.0


def shifts_mm(change: ElasticParameters, size, spacing) -> np.ndarray:
    """Return the shifts (3, Z, Y, X) of all voxels."""
    bent = bending(change, size, spacing)
    return np.einsum("kabc,za,yb,xc->kzyx", bent.shifts_zyx_mm, *bent.weights)


@pytest.mark.parametrize("seed", range(4))
def test_the_largest_allowed_bending_has_no_fold(seed):
    # Spacing of a quarter of a millimetre: derivatives by differences are close to the true ones.
    shifts = shifts_mm(ElasticParameters(0.4 * 4.0, 4.0, seed), (40, 40, 40), (0.25,) * 3)

    slopes = np.stack([np.stack(np.gradient(shift, 0.25)) for shift in shifts])
    jacobian = np.linalg.det(np.eye(3) + np.moveaxis(slopes, (0, 1), (-2, -1)))
    assert jacobian.min() > 0


def test_an_image_is_bent_by_its_shifts_in_mm():
    size, spacing = (12, 16, 20), (2.0, 1.0, 0.5)
    change = ElasticParameters(1.5, 8.0, 7)
    ramps = np.stack(
        np.meshgrid(
            *(np.arange(n) * s for n, s in zip(size, spacing, strict=True)),
            indexing="ij",
        )
    )
    volumes = Volumes(
        torch.from_numpy(ramps.astype(np.float32))[None], torch.ones(1, 1, *size, dtype=torch.uint8)
    )

    moved = apply_warp(
        volumes, parameters=[WarpParameters(elastic=change)], spacings_zyx_mm=[spacing]
    )

    inside = (slice(None), slice(2, -2), slice(3, -3), slice(4, -4))
    expected = ramps + shifts_mm(change, size, spacing)
    np.testing.assert_allclose(moved.images[0].numpy()[inside], expected[inside], atol=1e-3)


def test_a_bending_comes_before_the_turn():
    size, spacing = (12, 12, 12), (1.0, 1.0, 1.0)
    bend, turn = ElasticParameters(1.2, 6.0, 2), AffineParameters((90.0, 0.0, 0.0))
    ramps = np.stack(np.meshgrid(*[np.arange(12.0)] * 3, indexing="ij")).astype(np.float32)
    volumes = Volumes(torch.from_numpy(ramps)[None], torch.ones(1, 1, *size, dtype=torch.uint8))

    def moved(parameters):
        return apply_warp(volumes, parameters=[parameters], spacings_zyx_mm=[spacing])

    together = moved(WarpParameters(turn, bend)).images
    turned = moved(WarpParameters(turn))
    after = apply_warp(turned, parameters=[WarpParameters(elastic=bend)], spacings_zyx_mm=[spacing])

    inside = (..., slice(2, -2), slice(2, -2), slice(2, -2))
    torch.testing.assert_close(together[inside], after.images[inside], atol=1e-3, rtol=0)
