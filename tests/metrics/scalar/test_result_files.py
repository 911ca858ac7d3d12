"""Files of results: to the letter, and back."""

import math

import numpy as np
import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.scalar.result_files import read_results, write_results
from innereye.metrics.scalar.result_tables import (
    ScalarOutputs,
    inference_metrics_table,
    model_outputs_table,
    training_metrics_table,
)

RESULTS = ScalarOutputs(
    subjects=["007", "1e3"],
    targets=["01"],
    labels=np.array([[1.0], [math.nan]]),
    outputs=np.array([[0.25], [1 / 3]]),
)


def written(tmp_path, table):
    write_results(tmp_path / "t.csv", table)
    return (tmp_path / "t.csv").read_bytes().decode()


def test_model_outputs_csv_to_the_letter(tmp_path):
    assert written(tmp_path, model_outputs_table(RESULTS)) == (
        "subject,prediction_target,label,model_output,cross_validation_split_index\n"
        "007,01,1.000000,0.250000,-1\n"
        "1e3,01,,0.333333,-1\n"
    )


def test_metrics_csv_of_an_inference_to_the_letter(tmp_path):
    assert written(tmp_path, inference_metrics_table(RESULTS, epoch=2, split="Test", fold=0)) == (
        "prediction_target,subject,model_output,label,epoch,cross_validation_split_index,"
        "data_split\n"
        "01,007,0.250000,1.000000,1,0,Test\n"
    )


def test_metrics_csv_of_a_training_to_the_letter(tmp_path):
    table = training_metrics_table(RESULTS, epoch=2, split="Val", is_classification=True)
    assert written(tmp_path, table) == (
        "epoch,subject,prediction_target,model_output,label,data_split,"
        "cross_validation_split_index\n"
        "2,007,01,0.250000,1,Val,-1\n"
    )


def test_what_is_written_is_read_back(tmp_path):
    table = model_outputs_table(RESULTS)
    written(tmp_path, table)
    found = read_results(tmp_path / "t.csv")
    assert found["subject"].tolist() == ["007", "1e3"]
    assert found["prediction_target"].tolist() == ["01", "01"]
    np.testing.assert_allclose(found["label"], table["label"])
    np.testing.assert_allclose(found["model_output"], table["model_output"], atol=5e-7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subject,label\n1,0\n", "no column prediction_target and no model_output"),
        (
            "subject,prediction_target,label,model_output\n1,a,yes,0.5\n",
            "column label: 'yes' is no number",
        ),
        ("", "t.csv"),
    ],
)
def test_a_file_that_holds_no_results_is_refused(tmp_path, text, message):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InnerEyeError, match=message):
        read_results(tmp_path / "t.csv")
