"""Splits, normalisation and crops agree with the original's conformance cases."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innereye.data.crops import crop_slices, draw_centre, draw_class, find_candidates
from innereye.data.folds import k_fold
from innereye.data.normalisation import Normalisation, normalise
from innereye.data.proportions import check_proportions, original_ranges, parse_restriction
from innereye.data.splits import DatasetSplits
from innereye.errors import ConfigError, DatasetError, ImageError
from innereye.io.image import read_image
from innereye.names import NormMethod, Split

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)


def cases(topic):
    path = VECTORS / "json" / f"{topic}.json"
    found = json.loads(path.read_text())["cases"] if path.is_file() else []
    return {case["id"].split("/")[1]: case for case in found}


SPLITS = cases("dataset_splits")
NORMALISATION = cases("photometric_normalisation")
CROPS = cases("patch_sampling")


@pytest.mark.parametrize("key", ["0", "2", "4", "6", "8", "10"])
def test_restriction_patterns(key):
    case = SPLITS[key]
    if case["expected"] == "error":
        with pytest.raises(DatasetError):
            parse_restriction(case["input"])
        return
    expected = ["+" if isinstance(part, str) else part for part in case["expected"]]
    assert parse_restriction(case["input"]) == expected


@pytest.mark.parametrize("key", ["12", "14"])
def test_ranges(key):
    case = SPLITS[key]["input"]
    keys = case["population"]
    keys = keys if isinstance(keys, list) else [str(number) for number in range(100)]
    train, test, val = original_ranges(keys, case["train"], case["test"])
    expected = SPLITS[key]["expected"]
    assert (train, test, val) == (expected["train"], expected["test"], expected["val"])


@pytest.mark.parametrize("key", ["16", "18"])
def test_invalid_proportions(key):
    train, val, test = SPLITS[key]["input"]
    with pytest.raises(DatasetError):
        check_proportions(train, test, val)


def sheet(ids, **columns):
    return pd.DataFrame({"subject": [str(name) for name in ids], **columns})


def test_empty_splits():
    frame = sheet(["1", "2", "3"])
    for lists in SPLITS["20"]["input"]:
        with pytest.raises(DatasetError):
            DatasetSplits.from_subject_ids(frame, lists["train"], lists["test"], lists["val"])
    assert DatasetSplits.from_subject_ids(frame, ["1"], [], ["2"]).test.empty


def test_folds():
    case = SPLITS["22"]
    train, val = case["input"]["train"], case["input"]["val"]
    splits = DatasetSplits.from_subject_ids(sheet([*train, *val, 999]), train, [999], val)
    for fold, expected in enumerate(case["expected"]["val_subjects_per_fold"]):
        found = k_fold(splits, fold, case["input"]["n_splits"])
        assert {int(name) for name in found.subjects(Split.VAL)} == set(expected)
        assert found.subjects(Split.TEST) == ["999"]


def test_folds_of_groups():
    case = SPLITS["24"]["input"]
    frame = sheet(range(100), group=[str(number // 5) for number in range(100)])
    splits = DatasetSplits.from_proportions(
        frame, case["train"], case["test"], case["val"], group_column="group"
    )
    folds = [k_fold(splits, fold, case["n_splits"]) for fold in range(case["n_splits"])]
    val = [name for fold in folds for name in fold.subjects(Split.VAL)]
    assert sorted(val) == sorted(splits.subjects(Split.TRAIN) + splits.subjects(Split.VAL))
    assert all(fold.test.equals(splits.test) for fold in folds)


def test_institutions():
    case = SPLITS["26"]["input"]
    names = case["institutions"]
    frame = sheet(range(len(names)), institutionId=names)
    shares = (case["train"], case["test"], case["val"])

    def part(**settings):
        splits = DatasetSplits.from_institutions(frame, *shares, **settings)
        return [
            "".join(sorted(set(splits[split]["institutionId"])))
            for split in (Split.TRAIN, Split.VAL, Split.TEST)
        ], splits

    assert part(exclude_institutions=["a"])[0] == ["bcd", "bcd", "bcd"]
    assert part(institutions_for_test_only=["a"])[0] == ["bcd", "bcd", "abcd"]
    for unknown in ({"exclude_institutions": ["z"]}, {"subject_ids_for_test_only": ["z"]}):
        with pytest.raises(DatasetError, match="not present"):
            part(**unknown)
    forced = [str(number) for number in range(20)]
    assert set(forced) <= set(part(subject_ids_for_test_only=forced)[1].subjects(Split.TEST))


METHODS = {
    "Simple Norm": NormMethod.SIMPLE,
    "MRI Window": NormMethod.MRI_WINDOW,
    "Trimmed Norm": NormMethod.TRIMMED,
    "CT Window": NormMethod.CT_WINDOW,
}


@pytest.mark.parametrize("key", ["0", "2", "4", "6"])
def test_normalisation(key):
    case = NORMALISATION[key]
    image = np.random.RandomState(0).rand(3, 4, 4, 4).astype(np.float32) * 1000
    (method,) = (method for name, method in METHODS.items() if case["name"].startswith(name))
    fields = {
        name: value
        for name, value in case["input"].items()
        if name in Normalisation.__annotations__
    }
    half = np.zeros((4, 4, 4), np.uint8)
    half[:2] = 1
    mask = half if method == NormMethod.SIMPLE else np.ones_like(half)
    result = normalise(image, Normalisation(norm_method=method, **fields), mask)
    expected = case["expected"]["mean_all"]
    assert result.mean(dtype=np.float64) == pytest.approx(expected, rel=2e-6)
    if method == NormMethod.SIMPLE:
        assert result[:, :2].mean((1, 2, 3), np.float64) == pytest.approx([0, 0, 0], abs=1e-7)


def test_shapes_of_normalised_images():
    for shape in NORMALISATION["8"]["expected"]:
        result = normalise(np.ones(shape), Normalisation())
        assert (list(result.shape), result.dtype) == (shape, np.float32)


@pytest.mark.parametrize("key", ["0", "2", "4", "6"])
def test_classes_of_crop_centres(key):
    case = CROPS[key]
    labels = np.zeros((4, 8, 8, 8), np.uint8)
    labels[1, 2:4], labels[3, 5:7] = 1, 1
    candidates = find_candidates(labels, None)
    counts = np.zeros(5)
    for index in range(2000):
        generator = np.random.default_rng([0, index])
        place = draw_centre(candidates, case["input"]["class_weights"], generator)
        found = np.flatnonzero(labels[(slice(None), *place)])
        counts[found[0] + 1 if found.size else 0] += 1
    expected = case["expected"]["class_frequencies"]
    assert counts / 2000 == pytest.approx(expected, abs=case["tolerance"] / 2)


@pytest.mark.parametrize("key", ["18", "20", "22"])
def test_places_of_crops(key):
    case = CROPS[key]["input"]
    found = crop_slices(case["centre"], case["crop_size"], case["image_shape"])
    assert [[place.start, place.stop] for place in found] == CROPS[key]["expected"]["slices"]


def test_crops_that_are_errors():
    with pytest.raises(ConfigError):
        crop_slices((4, 4, 4), CROPS["10"]["input"], (8, 8, 8))
    for key in ("14", "16"):
        with pytest.raises(ConfigError):
            draw_class([1, 1, 1], CROPS[key]["input"], np.random.default_rng(0))
    with pytest.raises(ImageError):
        find_candidates(np.ones((1, 4, 4, 4)), np.zeros((4, 4, 4)))


def test_the_crop_of_a_whole_image_is_the_image():
    case = CROPS["8"]["input"]
    assert math.prod(
        place.stop - place.start
        for place in crop_slices((1, 7, 3), case["crop_size"], case["image_shape"])
    ) == math.prod(case["image_shape"])


@pytest.mark.parametrize("name", ["id1_channel1", "id1_mask", "id2_region"])
def test_files_of_the_original_are_read(name):
    image = read_image(VECTORS / "data" / "images" / f"{name}.nii.gz")
    assert image.array.shape == image.geometry.size_zyx
    assert image.array.max() > 0
