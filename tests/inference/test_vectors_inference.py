"""Does inference give what the original gives?"""

import json
from pathlib import Path

import numpy as np
import pytest

from innereye.inference.grid import half_in_front, restrict_to_image
from innereye.inference.segmentation import segment_posteriors, uncertainty
from innereye.inference.volumes import Result, to_bytes, volumes_of

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
    from innereye.io.image import Geometry

    geometry = Geometry(segmentation.shape, (1.0, 1.0, 1.0))
    nothing = np.zeros_like(segmentation)
    return Result("1", geometry, segmentation, np.stack([nothing] * 2), nothing)
