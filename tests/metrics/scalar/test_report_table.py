"""Tables of the classification report: to the letter, per split and per fold."""

import math

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.scalar.report_table import (
    fold_table,
    mean_and_std,
    report_table,
    threshold_of,
)

NAMES = [
    *("Area under PR Curve", "Area under ROC Curve", "Optimal threshold"),
    *("Accuracy at optimal threshold", "Accuracy at threshold 0.5"),
    *("Sensitivity at optimal threshold", "Specificity at optimal threshold"),
]


def rows(labels, outputs, fold="0"):
    return pd.DataFrame(
        {
            "prediction_target": "Default",
            "subject": [f"{fold}-{row}" for row in range(len(labels))],
            "label": np.array(labels, float),
            "model_output": np.array(outputs, float),
            "epoch": "3",
            "cross_validation_split_index": fold,
            "data_split": "Val",
        }
    )


VAL = rows([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])


def test_the_report_has_seven_rows_with_four_decimals():
    table = report_table(VAL, threshold=threshold_of(VAL), resamples=50)
    assert table["Metric"].tolist() == NAMES
    assert table["Value"].tolist() == [
        *("0.7917", "0.7500", "0.9000", "0.7500", "0.7500", "0.5000", "1.0000"),
    ]


def test_intervals_of_sensitivity_and_specificity_are_those_of_wilson():
    table = report_table(VAL, threshold=0.9, resamples=50).set_index("Metric")["95 % interval"]
    assert table["Sensitivity at optimal threshold"] == "0.0945 to 0.9055"
    assert table["Specificity at optimal threshold"] == "0.3424 to 1.0000"
    assert table["Optimal threshold"] == ""


@pytest.mark.parametrize("labels", [[], [1, 1]])
def test_too_few_rows_show_nan_and_no_interval(labels):
    few = rows(labels, [0.5] * len(labels))
    table = report_table(few, threshold=threshold_of(few), resamples=10)
    assert table["Value"].tolist()[:4] == ["nan"] * 4
    assert set(table["95 % interval"][:4]) == {""}


def test_folds_stand_side_by_side_with_mean_and_population_deviation():
    other = rows([1, 0, 1, 0], [0.9, 0.2, 0.7, 0.1], fold="1")
    table = fold_table(pd.concat([VAL, other]), "Default")
    assert list(table) == ["Metric", "Split 0", "Split 1", "Mean (std)"]
    assert table["Metric"].tolist() == NAMES
    # 0.75 and 1: the mean 0.875, both 0.125 away.
    assert table.iloc[1].tolist() == [NAMES[1], "0.7500", "1.0000", "0.8750 (0.1250)"]


def test_a_fold_with_one_class_shows_nan_and_is_left_out_of_the_mean():
    table = fold_table(pd.concat([VAL, rows([1, 1], [0.5, 0.6], fold="1")]), "Default")
    assert table.iloc[1].tolist()[1:] == ["0.7500", "nan", "0.7500 (0.0000)"]


def test_no_value_has_no_mean():
    assert mean_and_std([math.nan]) == "nan (nan)"
