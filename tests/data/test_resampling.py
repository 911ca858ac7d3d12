"""Volumes on other grids: what stays the same, and how near a way there and back comes."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.data.resampling import (
    resample_image,
    resample_mask,
    resample_posterior,
    resample_structure,
    resampled_geometry,
)
from innereye.io.image import Geometry
from phantoms import ball

TILTED = (0.8, -0.6, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 1.0)
LYING = Geometry((23, 70, 70), (3.0, 1.0, 1.0), (-30.0, 12.5, 400.0), TILTED)
ISO = (1.5, 1.5, 1.5)

spacings = st.tuples(*[st.floats(0.4, 5)] * 3)
sizes = st.tuples(*[st.integers(1, 12)] * 3)


def dice(one, other):
    return 2 * np.count_nonzero(one & other) / (np.count_nonzero(one) + np.count_nonzero(other))


def centre_mm(geometry):
    middle = (np.array(geometry.size_zyx) - 1) / 2 * geometry.spacing_zyx_mm
    return geometry.origin_xyz_mm + np.reshape(geometry.direction, (3, 3)) @ middle[::-1]


@pytest.mark.parametrize("spacing", [(3.0, 1.0, 1.0), (3.0005, 0.9996, 1.0)])
def test_the_own_spacing_changes_nothing_bit_for_bit(spacing):
    target = resampled_geometry(LYING, spacing)
    volume = np.random.default_rng(0).normal(size=LYING.size_zyx).astype(np.float32)
    assert target is LYING
    for resample in (resample_image, resample_posterior, resample_mask, resample_structure):
        assert resample(volume, LYING, target) is volume


@given(sizes, spacings, spacings)
def test_a_new_grid_covers_the_volume_and_keeps_its_centre(size, own, wanted):
    source = Geometry(size, own, (1.0, -2.0, 3.0), TILTED)
    target = resampled_geometry(source, wanted)
    assert target.direction == TILTED
    assert centre_mm(target) == pytest.approx(centre_mm(source), abs=1e-6)
    for old, new, mm, new_mm in zip(size, target.size_zyx, own, target.spacing_zyx_mm, strict=True):
        assert new == 1 or abs(old * mm - new * new_mm) <= new_mm / 2 * (1 + 1e-9)


def test_an_axis_whose_spacing_is_right_keeps_it_to_the_last_bit():
    source = replace(LYING, spacing_zyx_mm=(3.0, 1.0000001, 1.0))
    target = resampled_geometry(source, (1.5, 1.0, 1.0))
    assert target.size_zyx == (46, 70, 70)
    assert target.spacing_zyx_mm == (1.5, 1.0000001, 1.0)


@settings(max_examples=20)
@given(sizes, spacings, spacings, st.integers(0, 9))
def test_posteriors_of_all_classes_still_sum_to_one(size, own, wanted, seed):
    source = Geometry(size, own, (1.0, -2.0, 3.0), TILTED)
    target = resampled_geometry(source, wanted)
    drawn = np.random.default_rng(seed).dirichlet([0.3] * 4, size).astype(np.float32)
    classes = np.moveaxis(drawn, -1, 0)
    there = np.stack([resample_posterior(each, source, target) for each in classes])
    back = np.stack([resample_posterior(each, target, source) for each in there])
    for posteriors in (there, back):
        assert np.allclose(posteriors.sum(axis=0), 1, 0, 1e-5)
        assert posteriors.min() >= 0
    assert back.shape == classes.shape


@settings(max_examples=20)
@given(sizes, spacings, spacings, st.integers(0, 9))
def test_structures_that_share_no_voxel_share_none_after(size, own, wanted, seed):
    source = Geometry(size, own)
    target = resampled_geometry(source, wanted)
    labels = np.random.default_rng(seed).integers(0, 3, size)
    masks = [resample_structure((labels == k).astype(np.uint8), source, target) for k in (1, 2)]
    assert not (masks[0] & masks[1]).any()
    assert {masks[0].dtype, masks[1].dtype} == {np.dtype(np.uint8)}


def test_where_two_structures_meet_half_way_no_gap_opens():
    source = Geometry((1, 1, 8), (1.0, 1.0, 1.0))
    target = resampled_geometry(source, (1.0, 1.0, 2.0))  # each new voxel lies between two
    left = np.array([[[1, 1, 1, 0, 0, 0, 0, 0]]], np.uint8)
    halves = [resample_structure(mask, source, target) for mask in (left, 1 - left)]
    assert (halves[0] + halves[1] == 1).all()


@pytest.mark.parametrize("centre", [(11, 35, 35), (10.6, 33.2, 36.9)])
@pytest.mark.parametrize("radius_mm", [8, 12, 20])
def test_a_ball_comes_back_from_another_spacing(centre, radius_mm):
    written = ball(centre, radius_mm, LYING.size_zyx, LYING.spacing_zyx_mm)
    grid = resampled_geometry(LYING, ISO)
    there = resample_structure(written, LYING, grid)
    assert dice(resample_structure(there, grid, LYING), written) >= 0.97
    posterior = resample_posterior(there.astype(np.float32), grid, LYING)
    assert dice((posterior > 0.5).view(np.uint8), written) >= 0.97
    volume_mm3 = [np.count_nonzero(mask) * mm3 for mask, mm3 in ((written, 3.0), (there, 1.5**3))]
    assert volume_mm3[1] == pytest.approx(volume_mm3[0], rel=0.05)


def test_a_ramp_keeps_its_values_at_their_places():
    """Linear interpolation is exact on a linear image, away from its border."""
    along_x = np.broadcast_to(np.arange(70.0), LYING.size_zyx)
    grid = resampled_geometry(LYING, ISO)
    found = resample_image(along_x, LYING, grid)
    places_mm = (np.arange(grid.size_zyx[2]) - (grid.size_zyx[2] - 1) / 2) * 1.5 + 34.5
    inside = (places_mm >= 0) & (places_mm <= 69)
    assert found[10, 20][inside] == pytest.approx(places_mm[inside], abs=1e-4)
    assert found.dtype == np.float32


def test_masks_hold_zeros_and_ones_only_and_the_nearest_voxel():
    mask = ball((11, 35, 35), 20, LYING.size_zyx, LYING.spacing_zyx_mm)
    found = resample_mask(mask, LYING, resampled_geometry(LYING, ISO))
    assert set(np.unique(found)) == {0, 1}
    same = resample_mask(mask, LYING, resampled_geometry(LYING, (1.0, 1.0, 1.0)))
    assert (same[1::3] == mask).all()  # three slices of 1 mm for each of 3 mm
    one = Geometry((3, 3, 3), (3.0, 3.0, 3.0))
    centre = np.zeros(one.size_zyx, np.uint8)
    centre[1, 1, 1] = 1
    cube = resample_mask(centre, one, resampled_geometry(one, (1.0, 1.0, 1.0)))
    assert np.count_nonzero(cube) == 27  # corners, too, which a linear map would round off


def test_the_number_of_threads_changes_no_bit():
    volume = np.random.default_rng(0).normal(size=LYING.size_zyx).astype(np.float32)
    target = resampled_geometry(LYING, (1.1, 1.3, 0.9))
    threads, found = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads(), []
    for number in (1, 3):
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(number)
        found.append(resample_image(volume, LYING, target).tobytes())
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
    assert found[0] == found[1]


def test_grids_that_do_not_fit_are_mistakes_of_the_caller():
    with pytest.raises(ValueError, match="voxels"):
        resample_image(np.zeros((2, 2, 2)), LYING, resampled_geometry(LYING, ISO))
    with pytest.raises(ValueError, match="Directions"):
        resample_image(np.zeros(LYING.size_zyx), LYING, Geometry((9, 9, 9), ISO))


def test_the_outer_slices_are_interpolated_as_all_others():
    fine = Geometry((21, 15, 15), (1.25, 0.8, 0.8))
    coarse = resampled_geometry(fine, (5.0, 3.0, 3.0))
    tube = np.random.default_rng(0).random((1, 15, 15)).repeat(21, axis=0).astype(np.float32)
    back = resample_image(resample_image(tube, fine, coarse), coarse, fine)
    np.testing.assert_allclose(back, back[10:11].repeat(21, axis=0), atol=1e-5)
