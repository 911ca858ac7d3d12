"""Rows of metrics.csv and model_outputs.csv: which ones, in which order."""

import math

import numpy as np
import pytest

from innereye.metrics.scalar.result_tables import (
    ScalarOutputs,
    inference_metrics_table,
    model_outputs_table,
    training_metrics_table,
)

NAN = math.nan
RESULTS = ScalarOutputs(
    subjects=["007", "b"],
    targets=["01", "02"],
    labels=np.array([[1, 0], [NAN, 1]]),
    outputs=np.array([[0.9, 0.1], [0.4, 0.8]]),
)


def rows(table):
    return [tuple(row) for row in table.to_dict("split")["data"]]


def test_model_outputs_are_subject_by_subject_and_keep_what_has_no_label():
    table = model_outputs_table(RESULTS, fold=2)
    assert rows(table)[:2] == [("007", "01", 1.0, 0.9, "2"), ("007", "02", 0.0, 0.1, "2")]
    assert table["model_output"].tolist() == [0.9, 0.1, 0.4, 0.8]
    assert table["label"].isna().tolist() == [False, False, True, False]


def test_metrics_of_an_inference_are_target_by_target_and_count_epochs_from_zero():
    assert rows(inference_metrics_table(RESULTS, epoch=4, split="Test")) == [
        ("01", "007", 0.9, 1.0, "3", "-1", "Test"),
        ("02", "007", 0.1, 0.0, "3", "-1", "Test"),
        ("02", "b", 0.8, 1.0, "3", "-1", "Test"),
    ]


def test_metrics_of_a_training_have_labels_without_decimals_if_they_are_classes():
    table = training_metrics_table(RESULTS, epoch=0, split="Val", fold=1, is_classification=True)
    assert rows(table)[-1] == ("0", "b", "02", 0.8, 1, "Val", "1")
    assert table["label"].dtype.kind == "i"
    table = training_metrics_table(RESULTS, epoch=0, split="Val", is_classification=False)
    assert table["label"].dtype.kind == "f"


def test_no_subjects_have_no_rows():
    none = ScalarOutputs([], ["Default"], np.empty((0, 1)), np.empty((0, 1)))
    assert not len(inference_metrics_table(none, epoch=1, split="Test"))
    assert not len(training_metrics_table(none, epoch=0, split="Val", is_classification=True))
    assert list(model_outputs_table(none)) == [
        *("subject", "prediction_target", "label", "model_output"),
        "cross_validation_split_index",
    ]


def test_arrays_must_have_a_row_for_each_subject_and_a_column_for_each_target():
    with pytest.raises(ValueError, match=r"are not \(1, 2\)"):
        ScalarOutputs(["a"], ["x", "y"], np.zeros((1, 2)), np.zeros((1, 3)))
