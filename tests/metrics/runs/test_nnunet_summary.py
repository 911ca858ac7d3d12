"""Summaries of nnU-Net, both versions: cases, structures and Dice as they are there."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.data.msd_source import safe_name
from innereye.errors import InnerEyeError
from innereye.metrics.runs.nnunet_summary import read_summary, structure_name

VERSION_2 = {
    "foreground_mean": {"Dice": 0.85},
    "mean": {"1": {"Dice": 0.85}},
    "metric_per_case": [
        {
            "metrics": {"1": {"Dice": 0.9, "FN": 3}, "(1, 2)": {"Dice": math.nan}},
            "prediction_file": "/predictions/hippocampus_003.nii.gz",
            "reference_file": "/labels/hippocampus_003.nii.gz",
        },
        {
            "metrics": {"1": {"Dice": 0.8}, "(1, 2)": {"Dice": None}},
            "prediction_file": "C:\\predictions\\scan_1.2.nrrd",
            "reference_file": "C:\\labels\\scan_1.2.nrrd",
        },
    ],
}
VERSION_1 = {
    "results": {
        "all": [
            {
                "0": {"Dice": 0.99},
                "1": {"Dice": 0.9},
                "2": {"Dice": 0.7},
                "reference": "/labels/hippocampus_003.nii.gz",
                "test": "/predictions/hippocampus_003.nii.gz",
            }
        ],
        "mean": {"1": {"Dice": 0.9}},
    }
}


def summary(folder, content, labels=None, *, above=0):
    """A summary.json with this content, and a dataset.json with labels some folders above."""
    path = folder / "a" / "b" / "c" / "d" / "summary.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    if labels is not None:
        (path.parents[above] / "dataset.json").write_text(json.dumps({"labels": labels}))
    return path


def rows(path):
    return list(read_summary(path).itertuples(index=False, name=None))


def test_version_2_gives_cases_labels_and_regions(tmp_path):
    metrics = read_summary(summary(tmp_path, VERSION_2))
    assert metrics["Patient"].tolist() == ["hippocampus_003"] * 2 + ["scan_1.2"] * 2
    assert metrics["Structure"].tolist() == ["label_1", "label_1_2"] * 2
    assert metrics["Dice"].tolist() == pytest.approx([0.9, math.nan, 0.8, math.nan], nan_ok=True)


def test_version_1_gives_the_same_without_background(tmp_path):
    assert rows(summary(tmp_path, VERSION_1)) == [
        ("hippocampus_003", "label_1", 0.9),
        ("hippocampus_003", "label_2", 0.7),
    ]


def test_names_that_version_1_was_told_are_the_structures(tmp_path):
    case = {"Background": {"Dice": 1}, "Left Lung": {"Dice": 0.5}, "reference": "x.nii.gz"}
    assert rows(summary(tmp_path, {"results": {"all": [case]}})) == [("x", "left_lung", 0.5)]


@pytest.mark.parametrize("above", [0, 2, 3])
def test_names_come_from_a_dataset_json_of_version_2(above, tmp_path):
    labels = {"background": 0, "Enhancing": 1, "Whole tumour": [1, 2]}
    path = summary(tmp_path, VERSION_2, labels, above=above)
    assert read_summary(path)["Structure"].tolist()[:2] == ["enhancing", "whole_tumour"]


def test_names_come_from_a_dataset_json_of_the_decathlon(tmp_path):
    path = summary(tmp_path, VERSION_1, {"0": "background", "1": "Anterior", "2": "Posterior"})
    assert read_summary(path)["Structure"].tolist() == ["anterior", "posterior"]


def test_a_dataset_json_far_above_is_another_one_s(tmp_path):
    path = summary(tmp_path, VERSION_1, {"0": "background", "1": "Anterior"}, above=4)
    assert read_summary(path)["Structure"].tolist()[0] == "label_1"


def test_a_label_that_dataset_json_lacks_keeps_its_number(tmp_path):
    path = summary(tmp_path, VERSION_1, {"0": "background", "1": "Anterior"})
    assert read_summary(path)["Structure"].tolist() == ["anterior", "label_2"]


@given(st.text())
def test_structures_are_spelled_as_by_the_import(label):
    assert structure_name(label) == safe_name(label)


@pytest.mark.parametrize(
    "content",
    [
        [],
        3,
        {"results": []},
        {"metric_per_case": [{"metrics": {"1": {"Dice": 1}}}]},
        {"metric_per_case": [{"reference_file": "a", "metrics": 5}]},
        {"metric_per_case": [{"reference_file": 5, "metrics": {}}]},
    ],
)
def test_another_json_is_refused(content, tmp_path):
    with pytest.raises(InnerEyeError, match=r"summary\.json is not a summary of nnU-Net"):
        read_summary(summary(tmp_path, content))


def test_a_case_without_dice_is_named(tmp_path):
    case = {"reference_file": "x.nii.gz", "metrics": {"1": {"IoU": 0.5}}}
    with pytest.raises(InnerEyeError, match="case x, '1': there is no Dice score"):
        read_summary(summary(tmp_path, {"metric_per_case": [case]}))


def test_a_summary_without_cases_is_refused(tmp_path):
    with pytest.raises(InnerEyeError, match="no score of any case"):
        read_summary(summary(tmp_path, {"metric_per_case": []}))


def test_missing_and_damaged_files_are_said(tmp_path):
    with pytest.raises(InnerEyeError, match="does not exist"):
        read_summary(tmp_path / "summary.json")
    (tmp_path / "summary.json").write_text("{")
    with pytest.raises(InnerEyeError, match="cannot be read as JSON"):
        read_summary(tmp_path / "summary.json")


def test_a_dataset_json_without_labels_is_said(tmp_path):
    with pytest.raises(InnerEyeError, match=r"dataset\.json has no labels"):
        read_summary(summary(tmp_path, VERSION_1, labels=[]))
