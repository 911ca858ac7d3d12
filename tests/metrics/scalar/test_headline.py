"""Numbers of a report with their intervals: closed forms for single rows, else by subject."""

import math

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.scalar.binary import binary_metrics
from innereye.metrics.scalar.headline import headline_numbers, write_headline_numbers
from innereye.metrics.scalar.interval import newcombe, wilson

RATES = {
    "accuracy_at_optimal_threshold",
    "false_positive_rate_at_optimal_threshold",
    "false_negative_rate_at_optimal_threshold",
    "accuracy_at_threshold_05",
}


def classified(number=40, repeats=1, label=None):
    draw = np.random.default_rng(2)
    labels = draw.integers(0, 2, number) if label is None else np.full(number, label)
    outputs = 1 / (1 + np.exp(-draw.normal(2 * labels - 1)))
    return pd.DataFrame(
        {
            "subject": [str(row) for row in range(number)] * repeats,
            "label": np.tile(labels.astype(float), repeats),
            "model_output": np.tile(outputs, repeats),
        }
    )


def numbers(rows, **options):
    table = headline_numbers(rows, is_classification=True, resamples=100, **options)
    return table.set_index("metric")


def test_values_are_those_of_the_metrics_and_lie_in_their_intervals():
    rows = classified()
    found = numbers(rows)
    expected = vars(binary_metrics(rows["label"], rows["model_output"]))
    assert found.loc[list(expected), "value"].to_dict() == pytest.approx(expected)
    told = found.drop("subject_count")
    assert (told["ci_low"] <= told["value"] + 1e-9).all()
    assert (told["value"] <= told["ci_high"] + 1e-9).all()


def test_a_row_for_each_subject_has_closed_forms_for_the_area_and_for_rates():
    rows = classified()
    found = numbers(rows)
    area = found.loc["area_under_roc_curve"]
    positives = int(rows["label"].sum())
    expected = newcombe(area["value"], positives=positives, negatives=40 - positives)
    assert (area["ci_low"], area["ci_high"]) == (expected.low, expected.high)
    accuracy = found.loc["accuracy_at_threshold_05"]
    assert accuracy["ci_low"] == wilson(round(40 * accuracy["value"]), 40).low
    assert set(found.index[found["method"] == "Wilson"]) == RATES


def test_rows_of_the_same_subjects_make_no_interval_narrower():
    once, thrice = numbers(classified()), numbers(classified(repeats=3))
    assert set(thrice.drop("subject_count")["method"]) == {"bootstrap over subjects"}
    widths = [found["ci_high"] - found["ci_low"] for found in (once, thrice)]
    assert widths[1]["cross_entropy"] == pytest.approx(widths[0]["cross_entropy"])
    assert widths[1]["area_under_roc_curve"] > 0.6 * widths[0]["area_under_roc_curve"]


def test_a_threshold_of_val_is_used_as_it_is():
    rows = classified()
    found = numbers(rows, threshold=0.0).loc["false_positive_rate_at_optimal_threshold"]
    assert found["value"] == 1
    threshold = numbers(rows, threshold=0.25).loc["optimal_threshold"]
    assert threshold["value"] == 0.25
    assert math.isnan(threshold["ci_low"])


def test_a_val_of_one_class_leaves_no_rates():
    found = numbers(classified(), threshold=math.nan)
    assert math.isnan(found.loc["accuracy_at_optimal_threshold", "value"])
    assert found.loc["accuracy_at_optimal_threshold", "method"] == ""
    assert found.loc["area_under_roc_curve", "value"] > 0.5


def test_one_class_and_no_rows_have_no_intervals_where_they_have_no_value():
    for rows in (classified(label=1), classified().iloc[:0]):
        found = numbers(rows)
        lacking = found[found["value"].isna()]
        assert "area_under_roc_curve" in lacking.index
        assert lacking["ci_low"].isna().all()


def test_a_regression_has_all_its_numbers_and_r2():
    rows = classified().assign(label=lambda table: table["model_output"] + table["label"])
    table = headline_numbers(rows, is_classification=False, resamples=100).set_index("metric")
    assert list(table.index) == [
        *("mean_absolute_error", "mean_squared_error", "explained_variance", "r2"),
        "subject_count",
    ]
    told = table.drop("subject_count")
    assert (told["ci_low"] < told["value"]).all()
    assert (told["value"] < told["ci_high"]).all()


def test_the_table_as_a_file(tmp_path):
    table = headline_numbers(classified(), is_classification=True, resamples=20)
    write_headline_numbers(tmp_path / "t.csv", table.tail(3))
    lines = (tmp_path / "t.csv").read_text().splitlines()
    assert lines[0] == "metric,value,ci_low,ci_high,method"
    assert lines[1] == "subject_count,40,,,"
