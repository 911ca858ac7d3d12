"""Surface measures: by hand, by law, and against two independent oracles."""

import itertools
import math
from dataclasses import astuple

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist

from innereye.metrics.surface import contour, rim, surface_scores

SPACING = (3.0, 1.0, 0.7)
FACES = [offset for offset in itertools.product((-1, 0, 1), repeat=3) if np.abs(offset).sum() == 1]
BLOCK = [offset for offset in itertools.product((-1, 0, 1), repeat=3) if any(offset)]
shapes = st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(1, 8))
spacings = st.tuples(*[st.sampled_from((0.5, 0.7, 1.0, 1.3, 3.0))] * 3)


def border(mask, offsets):
    """Voxels of the mask with one of the given neighbours inside the image and outside the mask."""
    found = []
    for voxel in np.argwhere(mask):
        neighbours = [voxel + offset for offset in offsets]
        inside = [
            n
            for n in neighbours
            if all(0 <= i < size for i, size in zip(n, mask.shape, strict=True))
        ]
        if any(not mask[tuple(n)] for n in inside):
            found.append(voxel)
    if not found:
        found = [
            voxel
            for voxel in np.argwhere(mask)
            if any(i in (0, size - 1) for i, size in zip(voxel, mask.shape, strict=True))
        ]
    return np.array(found)


def brute_force(prediction, truth, spacing, tolerance):
    """The four measures by their definitions, every voxel against every other."""
    if not prediction.any() and not truth.any():
        return (math.nan,) * 4
    if not prediction.any() or not truth.any():
        return math.inf, math.inf, math.inf, 0.0

    def nearest(sources, targets):
        return cdist(sources * np.array(spacing), targets * np.array(spacing)).min(axis=1)

    hausdorff, to_rim, to_contour = [], [], []
    for source, target in ((prediction, truth), (truth, prediction)):
        hausdorff.append(nearest(np.argwhere(source), np.argwhere(target)).max())
        to_rim.append(nearest(border(source, FACES), border(target, BLOCK)))
        to_contour.append(nearest(border(source, FACES), border(target, FACES)))
    return (
        max(hausdorff),
        np.concatenate(to_rim).mean(),
        max(np.percentile(distances, 95) for distances in to_contour),
        (np.concatenate(to_contour) <= tolerance + 1e-6).mean(),
    )


@st.composite
def mask_pairs(draw):
    """Two masks of one shape: dense, sparse, or a box with the image's edge in reach."""
    shape = draw(shapes)

    def mask():
        kind = draw(st.sampled_from(("any", "sparse", "box", "full")))
        if kind == "any":
            return draw(arrays(bool, shape))
        if kind == "full":
            return np.ones(shape, bool)
        chosen = np.zeros(shape, bool)
        if kind == "sparse":
            chosen[tuple(draw(st.integers(0, size - 1)) for size in shape)] = True
            return chosen
        ends = [sorted((draw(st.integers(0, s)), draw(st.integers(0, s)))) for s in shape]
        chosen[tuple(slice(*end) for end in ends)] = True
        return chosen

    return mask(), mask()


def measure(prediction, truth, spacing=SPACING, tolerance=1.0):
    return np.array(
        astuple(surface_scores(prediction, truth, spacing_zyx_mm=spacing, tolerance_mm=tolerance))
    )


def box(shape, *bounds):
    mask = np.zeros(shape, bool)
    mask[tuple(slice(*bound) for bound in bounds)] = True
    return mask


def test_two_boxes_moved_by_one_voxel():
    prediction = box((10, 20, 20), (2, 6), (5, 13), (5, 13))
    truth = box((10, 20, 20), (3, 7), (6, 14), (5, 13))
    scores = surface_scores(prediction, truth, spacing_zyx_mm=(3.0, 1.0, 1.0), tolerance_mm=1.0)
    assert scores.hausdorff_mm == pytest.approx(math.sqrt(10))
    assert scores.mean_distance_mm == pytest.approx(1.51793, abs=1e-5)


def test_parallel_plates_are_their_gap_apart():
    prediction = box((1, 1, 9), (0, 1), (0, 1), (1, 2))
    truth = box((1, 1, 9), (0, 1), (0, 1), (5, 6))
    assert measure(prediction, truth, (1.0, 1.0, 2.0), 7.99).tolist() == [8.0, 8.0, 8.0, 0.0]
    assert measure(prediction, truth, (1.0, 1.0, 2.0), 8.0)[3] == 1.0


def test_hausdorff_sees_the_inside_of_a_hollow_shape():
    solid = box((9, 9, 9), (1, 8), (1, 8), (1, 8))
    shell = solid & ~box((9, 9, 9), (2, 7), (2, 7), (2, 7))
    assert measure(solid, shell, (1.0, 1.0, 1.0))[0] == 3.0


def test_hd95_is_the_larger_of_both_directions():
    line = box((1, 1, 60), (0, 1), (0, 1), (0, 1))
    far = line | box((1, 1, 60), (0, 1), (0, 1), (50, 51))
    hausdorff, _, hd95, _ = measure(line, far, (1.0, 1.0, 1.0))
    assert hausdorff == 50
    assert hd95 == pytest.approx(47.5)


def test_both_empty_is_missing():
    assert np.isnan(measure(np.zeros((3, 3, 3), bool), np.zeros((3, 3, 3), bool))).all()


@pytest.mark.parametrize("swap", [False, True])
def test_one_empty_is_infinitely_far(swap):
    masks = [np.zeros((3, 3, 3), bool), box((3, 3, 3), (1, 2), (1, 2), (1, 2))]
    assert measure(*(masks[::-1] if swap else masks)).tolist() == [math.inf, math.inf, math.inf, 0]


def test_a_mask_that_fills_the_image_has_its_surface_at_the_edge():
    full = np.ones((5, 5, 5), bool)
    centre = box((5, 5, 5), (2, 3), (2, 3), (2, 3))
    hausdorff, mean, _, _ = measure(full, centre, (1.0, 1.0, 1.0))
    assert hausdorff == pytest.approx(math.sqrt(12))
    assert 2 <= mean <= math.sqrt(12)
    assert measure(full, full).tolist() == [0, 0, 0, 1]


def test_the_contour_looks_at_faces_and_the_rim_at_corners_too():
    cube = box((7, 7, 7), (1, 6), (1, 6), (1, 6))
    notched = cube.copy()
    notched[1, 1, 1] = False
    assert not contour(notched)[2, 2, 2]
    assert rim(notched)[2, 2, 2]
    assert contour(cube).sum() == rim(cube).sum() == 5**3 - 3**3


def test_the_image_edge_is_no_surface():
    slab = box((4, 4, 4), (0, 2), (0, 4), (0, 4))
    assert contour(slab).nonzero()[0].tolist() == [1] * 16


@examples(max_examples=80)
@given(mask_pairs(), spacings, st.sampled_from((0.5, 1.0, 1.4, 3.0)))
def test_measures_equal_their_definitions(masks, spacing, tolerance):
    expected = brute_force(*masks, spacing, tolerance)
    assert measure(*masks, spacing, tolerance) == pytest.approx(expected, rel=1e-5, nan_ok=True)


@given(mask_pairs(), spacings)
def test_measures_are_symmetric(masks, spacing):
    there, back = measure(*masks, spacing), measure(*masks[::-1], spacing)
    assert there == pytest.approx(back, rel=1e-6, nan_ok=True)


@given(mask_pairs(), spacings, st.sampled_from((0.5, 2.0, 3.0)))
def test_distances_scale_with_the_spacing_and_surface_dice_does_not(masks, spacing, factor):
    plain = measure(*masks, spacing, 1.1)
    scaled = measure(*masks, tuple(factor * size for size in spacing), 1.1 * factor)
    assert scaled[:3] == pytest.approx(plain[:3] * factor, rel=1e-5, nan_ok=True)
    assert scaled[3] == pytest.approx(plain[3], nan_ok=True)


@given(mask_pairs(), st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_position_in_a_larger_image_does_not_matter(masks, widths):
    prediction, truth = (np.pad(mask, 1) for mask in masks)
    larger = [
        np.pad(mask, list(zip(widths[::2], widths[1::2], strict=True)))
        for mask in (prediction, truth)
    ]
    assert measure(*larger) == pytest.approx(measure(prediction, truth), nan_ok=True)


@given(mask_pairs(), st.permutations((0, 1, 2)))
def test_the_order_of_the_axes_does_not_matter(masks, order):
    turned = [mask.transpose(order) for mask in masks]
    spacing = tuple(SPACING[axis] for axis in order)
    assert measure(*turned, spacing) == pytest.approx(measure(*masks), rel=1e-5, nan_ok=True)


@given(mask_pairs())
def test_order_and_range_of_the_measures(masks):
    hausdorff, mean, hd95, surface_dice = measure(*masks)
    if not math.isnan(hausdorff):
        assert mean >= 0
        assert hd95 >= 0
        assert 0 <= surface_dice <= 1
        if masks[0].any() and (masks[0] == masks[1]).all():
            assert [hausdorff, mean, hd95, surface_dice] == [0, 0, 0, 1]


@given(mask_pairs())
def test_surface_dice_grows_with_the_tolerance(masks):
    values = [measure(*masks, tolerance=tolerance)[3] for tolerance in (0.1, 0.7, 1.0, 5.0, 50.0)]
    assert values == sorted(values) or np.isnan(values).all()


@pytest.mark.parametrize("seed", range(6))
def test_simpleitk_gives_the_same_hausdorff_and_mean_distance(seed):
    generator = np.random.default_rng(seed)
    prediction, truth = (generator.random((7, 8, 9)) < share for share in (0.4, 0.85))
    images = [sitk.GetImageFromArray(mask.astype(np.uint8)) for mask in (prediction, truth)]
    for image in images:
        image.SetSpacing(SPACING[::-1])
    hausdorff = sitk.HausdorffDistanceImageFilter()
    hausdorff.Execute(*images)
    distances = []
    for source, target in (images, images[::-1]):
        distance_map = sitk.SignedMaurerDistanceMap(
            target, squaredDistance=False, useImageSpacing=True
        )
        on_contour = sitk.GetArrayFromImage(sitk.LabelContour(source)) == 1
        distances.append(np.abs(sitk.GetArrayFromImage(distance_map))[on_contour])
    expected = hausdorff.GetHausdorffDistance(), np.concatenate(distances).mean()
    assert measure(prediction, truth)[:2] == pytest.approx(expected, rel=1e-5)
