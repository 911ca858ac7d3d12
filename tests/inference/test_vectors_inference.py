"""Does inference give what the original gives?"""

import json
from pathlib import Path

import numpy as np
import pytest

from innereye.data.crops import crop_slices, pad_sample
from innereye.data.sample import Sample
from innereye.inference.grid import half_in_front, restrict_to_image
from innereye.inference.postprocessing.components import keep_largest_components
from innereye.inference.postprocessing.slice_exclusion import exclude_slices
from innereye.inference.postprocessing.smoothing import smooth
from innereye.inference.postprocessing.summed_probability import apply_summed_probability
from innereye.inference.segmentation import segment_posteriors, to_bytes, uncertainty
from innereye.inference.volumes import Result, volumes_of
from innereye.io.image import Geometry, read_image
from innereye.names import PaddingMode
from innereye.reports.thumbnail_picture import best_slice

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)


def cases(topic, words):
    path = VECTORS / "json" / f"{topic}.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in found if words in case["name"]]


@pytest.mark.parametrize("case", cases("image_operations", "padding before inference"))
def test_padding_puts_the_odd_voxel_in_front(case):
    numbers = case["input"]
    missing = np.subtract(numbers["crop_size"], numbers["output_size"])
    front = [half_in_front(int(each)) for each in missing]
    assert "ceil(half) in front" in case["expected"]["rule"]
    assert front == [-(-each // 2) for each in missing]
    assert list(np.add(numbers["image_shape"], missing)) == case["expected"]["shape"]


@pytest.mark.parametrize("case", cases("image_operations", "padding to output size"))
def test_padding_fills_up_to_a_size(case):
    image = np.zeros((1, *case["input"]["image_shape"]), np.float32)
    sample = Sample("1", image, None, None, Geometry(image.shape[1:], (1.0, 1.0, 1.0)))
    padded = pad_sample(sample, case["input"]["output_size"], PaddingMode.EDGE)
    assert list(padded.image.shape[1:]) == case["expected"]["shape"]


@pytest.mark.parametrize("case", cases("image_operations", "centre crop"))
def test_a_crop_around_the_centre(case):
    shape, crop = case["input"]["image_shape"], case["input"]["crop"]
    slices = crop_slices([size // 2 for size in shape], crop, shape)
    assert [[each.start, each.stop] for each in slices] == case["expected"]["slices"]


@pytest.mark.parametrize("case", cases("image_operations", "slice with most voxels"))
def test_the_slice_with_most_voxels(case):
    masks = np.zeros((3, 2, 3, 3), np.uint8)
    masks[1, 1] = masks[2] = 1
    masks[2, 1, 1, 1] = 0
    assert [best_slice(mask, mask) for mask in masks] == case["expected"]


@pytest.mark.parametrize("case", cases("crop_size_constraints", "restricted to a small image"))
def test_patch_and_stride_are_restricted_to_a_small_image(case):
    numbers = case["input"]
    multiple = (numbers["multiple_of"],) * 3
    patch, stride = restrict_to_image(
        numbers["image"],
        patch=tuple(numbers["crop"]),
        stride=tuple(numbers["stride"]),
        size_multiple=multiple,
    )
    assert list(patch) == case["expected"]["crop"]
    assert list(stride) == case["expected"]["stride"]


@pytest.mark.parametrize("case", cases("image_operations", "ties go to the lowest class"))
def test_ties_go_to_the_lowest_class(case):
    ones = np.ones((2, 2, 2), np.float32)
    assert case["expected"] == ["all 1", "all 0"]
    assert (segment_posteriors(np.stack([0 * ones, 0.6 * ones])) == 1).all()
    assert (segment_posteriors(np.stack([0.5 * ones, 0.5 * ones])) == 0).all()


@pytest.mark.parametrize("case", cases("image_operations", "uncertainty"))
def test_uncertainty(case):
    posteriors = np.array(case["input"], np.float32).reshape(-1, 1, 1, 1)
    assert uncertainty(posteriors).item() == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("image_operations", "largest connected component"))
def test_largest_components(case):
    before = np.array(case["input"]["array"], np.uint8)
    after = before.copy()
    for class_index in case["input"]["classes"]:
        keep_largest_components(after, class_index)
    assert np.argwhere(after != before).tolist() == case["expected"]["cleared_voxels"]
    assert (after[after != before] == 0).all()


@pytest.mark.parametrize("case", cases("image_operations", "slice exclusion"))
def test_slice_exclusion(case):
    segmentation = np.array(case["input"]["segmentation"], np.uint8)
    rule = case["input"]["rule"]
    exclude_slices(
        segmentation,
        higher=rule["higher_class"],
        lower=rule["lower_class"],
        higher_dominates=rule["higher_dominates"],
    )
    assert segmentation.tolist() == case["expected"]


@pytest.mark.parametrize("case", cases("image_operations", "summed probability"))
def test_summed_probability(case):
    planes = case["input"]["posteriors_per_z"].values()
    posteriors = np.empty((4, *case["input"]["shape"]), np.float32)
    for z, values in enumerate(planes):
        posteriors[:, z] = np.reshape(values, (-1, 1, 1))
    segmentation = np.full(posteriors.shape[1:], 3, np.uint8)
    apply_summed_probability(segmentation, posteriors, [(1, 2, 3)])
    for plane, expected in zip(segmentation, case["expected"].values(), strict=True):
        assert (plane == expected).all()


@pytest.mark.parametrize("case", cases("image_operations", "Gaussian smoothing"))
def test_smoothing(case):
    before = read_image(VECTORS / case["input"]["file"], np.float32)
    expected = read_image(VECTORS / case["expected"]["file"], np.float32).array / 255
    # Part of the volume around a place with much to smooth; its border sees what was cut off.
    part = (slice(3, 43), slice(75, 115), slice(104, 144))
    result = smooth(
        before.array[part] / 255, case["input"]["kernel_mm"], before.geometry.spacing_zyx_mm
    )
    inner = (slice(8, -8),) * 3
    np.testing.assert_allclose(result[inner], expected[part][inner], atol=1e-2)
    assert np.abs(before.array[part] / 255 - expected[part])[inner].max() > 0.1


@pytest.mark.parametrize("case", cases("result_files", "posterior stored"))
def test_posteriors_are_stored_truncated(case):
    stored = to_bytes(np.array(case["input"], np.float32))
    assert stored.dtype == np.uint8
    assert np.unique(stored).tolist() == case["expected"]["unique_values"]


@pytest.mark.parametrize("case", cases("result_files", "binary mask"))
def test_masks_hold_nothing_but_0_and_1(case):
    stored, refused = (np.array(each, np.uint8)[:, 0] for each in case["input"])
    assert case["expected"] == ["stored", "error"]
    mask = volumes_of(_result(stored), ["background", "liver"])["liver.nii.gz"]()
    np.testing.assert_array_equal(mask, stored)
    with pytest.raises(ValueError, match="class 2 has no name"):
        volumes_of(_result(refused), ["background", "liver"])


def _result(segmentation):
    geometry = Geometry(segmentation.shape, (1.0, 1.0, 1.0))
    nothing = np.zeros_like(segmentation)
    return Result("1", geometry, segmentation, np.stack([nothing] * 2), nothing)
