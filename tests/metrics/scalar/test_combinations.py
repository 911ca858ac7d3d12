"""Combinations of targets: every single one and what occurs, right only as a whole."""

import math

import pandas as pd
import pytest

from innereye.metrics.scalar.combinations import (
    combination_metrics,
    combination_name,
    combination_rows,
    occurring_combinations,
)

TARGETS = ["x", "y", "z"]
HALVES = dict.fromkeys(TARGETS, 0.5)


def table(**subjects):
    """Each subject: its labels and its outputs, as texts such as `xz`."""
    return pd.DataFrame(
        [
            (name, target, float(target in labels), 0.9 if target in outputs else 0.1)
            for name, (labels, outputs) in subjects.items()
            for target in TARGETS
        ],
        columns=["subject", "prediction_target", "label", "model_output"],
    )


def test_single_targets_come_first_then_sets_by_size():
    found = occurring_combinations(
        table(a=("zy", ""), b=("xyz", ""), c=("", ""), d=("x", "")), TARGETS
    )
    assert [combination_name(names) for names in found] == [
        *("x", "y", "z", "Negative", "y|z", "x|y|z"),
    ]


def test_a_set_is_found_only_as_a_whole():
    found = combination_rows(
        table(a=("xy", "xy"), b=("xy", "xyz"), c=("x", "xy"), d=("", "")),
        ["y", "x"],
        targets=TARGETS,
        thresholds=HALVES,
    )
    assert found["model_output"].tolist() == [1, 0, 1, 0]
    assert found["label"].tolist() == [1, 1, 0, 0]
    assert set(found["prediction_target"]) == {"x|y"}


def test_the_empty_set_is_a_set():
    found = combination_rows(table(a=("", ""), b=("x", "")), [], targets=TARGETS, thresholds=HALVES)
    assert (found["model_output"].tolist(), found["label"].tolist()) == ([1, 1], [1, 0])
    assert set(found["prediction_target"]) == {"Negative"}


def test_combinations_split_the_subjects():
    data = table(a=("xy", "x"), b=("z", "z"), c=("", "yz"), d=("xyz", "xyz"))
    combinations = occurring_combinations(data, TARGETS)
    found = [
        combination_rows(data, names, targets=TARGETS, thresholds=HALVES) for names in combinations
    ]
    assert sum(rows["label"] for rows in found).tolist() == [1, 1, 1, 1]
    assert (sum(rows["model_output"] for rows in found) <= 1).all()


def test_a_subject_that_lacks_a_label_is_left_out():
    data = table(a=("x", "x"), b=("x", "x"))
    data.loc[0, "label"] = math.nan
    found = combination_rows(data, ["x"], targets=TARGETS, thresholds=HALVES)
    assert found["subject"].tolist() == ["b"]
    assert len(occurring_combinations(data, TARGETS)) == 3


def test_the_four_numbers_of_a_combination():
    rows = combination_rows(
        table(a=("xy", "xy"), b=("xy", "x"), c=("x", "x"), d=("", "")),
        ["x", "y"],
        targets=TARGETS,
        thresholds=HALVES,
    )
    assert combination_metrics(rows) == {
        "Accuracy at optimal threshold": 0.75,
        "Accuracy at threshold 0.5": 0.75,
        "Sensitivity at optimal threshold": 0.5,
        "Specificity at optimal threshold": 1.0,
    }


def test_a_target_without_threshold_is_reached_by_nothing():
    found = combination_rows(
        table(a=("x", "x")), ["x"], targets=TARGETS, thresholds=HALVES | {"x": math.nan}
    )
    assert found["model_output"].tolist() == [0]


def test_no_rows_have_no_subjects():
    empty = table()
    assert occurring_combinations(empty, TARGETS) == [("x",), ("y",), ("z",)]
    found = combination_rows(empty, ["x"], targets=TARGETS, thresholds=HALVES)
    assert len(found) == 0
    assert math.isnan(combination_metrics(found)["Accuracy at threshold 0.5"])


@pytest.mark.parametrize(("names", "name"), [((), "Negative"), (("a",), "a"), (("b", "a"), "b|a")])
def test_names_of_combinations(names, name):
    assert combination_name(names) == name
