"""Lists of data sets that do not fit together are refused as in InnerEye, all of them at once."""

import pytest

from innereye.configs.rules.extra_data import data_sets_fit_together, labels_may_be_missing
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def complaints(**fields):
    return data_sets_fit_together(SegmentationModelBase(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"local_dataset": "a"},
        {"local_dataset": "a", "extra_local_dataset_paths": "b,c"},
        {"azure_dataset_id": "x", "extra_azure_dataset_ids": "y"},
        {
            "azure_dataset_id": "x",
            "extra_azure_dataset_ids": ["y"],
            "local_dataset": "a",
            "extra_local_dataset_paths": ["b"],
            "dataset_mountpoint": "/m",
            "extra_dataset_mountpoints": [""],
        },
        {"local_dataset": "a", "extra_local_dataset_paths": "b", "use_extra_datasets": True},
    ],
)
def test_lists_that_fit_have_no_complaint(fields):
    assert complaints(**fields) == []


@pytest.mark.parametrize(
    ("fields", "phrase"),
    [
        ({"extra_azure_dataset_ids": "y"}, "extra_azure_dataset_ids needs azure_dataset_id"),
        ({"extra_local_dataset_paths": "b"}, "extra_local_dataset_paths needs local_dataset"),
        ({"local_dataset": "a", "dataset_mountpoint": "/m"}, "1 places for 0 data sets"),
        (
            {"azure_dataset_id": "x", "extra_azure_dataset_ids": "y", "dataset_mountpoint": "/m"},
            "1 places for 2 data sets",
        ),
        (
            {
                "azure_dataset_id": "x",
                "extra_azure_dataset_ids": "y",
                "local_dataset": "a",
                "extra_local_dataset_paths": "b,c",
            },
            "3 folders for 2 data sets",
        ),
        ({"local_dataset": "a", "use_extra_datasets": True}, "needs extra_local_dataset_paths"),
    ],
)
def test_lists_that_do_not_fit_are_named(fields, phrase):
    assert any(phrase in complaint for complaint in complaints(**fields))


def test_none_among_the_folders_is_no_folder():
    model = SegmentationModelBase(local_dataset="a", extra_local_dataset_paths=[None, "~/b"])
    (folder,) = model.extra_local_dataset_paths
    assert folder.name == "b"
    assert "~" not in str(folder)


def test_smoothed_labels_and_missing_ones_exclude_each_other():
    both = {"allow_incomplete_labels": True, "label_smoothing_eps": 0.1}
    assert labels_may_be_missing(SegmentationModelBase(**both))
    for name, value in both.items():
        assert labels_may_be_missing(SegmentationModelBase(**{name: value})) == []
