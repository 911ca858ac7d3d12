"""Outliers: on the metric itself, against the peers of the same structure."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.metrics.outliers import find_outliers, is_outlier, mark_outliers, write_outliers

NAN, INF = math.nan, math.inf


def table(structures):
    """A table from {structure: Dice values} with distances 10 (1 - Dice)."""
    return pd.DataFrame(
        [
            (str(index), name, dice, 10 * (1 - dice), 1.0)
            for name, values in structures.items()
            for index, dice in enumerate(values)
        ],
        columns=["Patient", "Structure", "Dice", "HausdorffDistance_mm", "MeanDistance_mm"],
    )


def test_a_structure_is_measured_against_its_own_peers():
    metrics = table({"easy": [0.95, 0.96, 0.97, 0.96, 0.95, 0.70], "hard": [0.2, 0.3, 0.4, 0.3]})
    found = find_outliers(metrics, outlier_range=1.5)
    assert found[["Metric", "Patient", "Structure"]].to_numpy().tolist() == [
        ["Dice", "5", "easy"],
        ["HausdorffDistance_mm", "5", "easy"],
    ]


def test_the_table_tells_value_mean_spread_and_limit():
    found = find_outliers(table({"s": [0.9, 0.9, 0.9, 0.1]}), outlier_range=1, columns=["Dice"])
    assert found.iloc[0, 3:].tolist() == pytest.approx([0.1, 0.7, 0.4, 0.3])


def test_infinite_distances_are_outliers_and_leave_the_limits_alone():
    metrics = table({"s": [0.8, 0.9, 0.85]})
    metrics["HausdorffDistance_mm"] = [INF, 2.0, 3.0]
    found = find_outliers(metrics, outlier_range=3)
    assert found[["Metric", "Patient", "Value", "Mean"]].to_numpy().tolist() == [
        ["HausdorffDistance_mm", "0", INF, 2.5]
    ]


def test_the_good_side_and_missing_values_are_never_outliers():
    metrics = table({"s": [0.5, 0.5, 0.5, 1.0, NAN]})
    assert not is_outlier(metrics, "Dice", outlier_range=1).any()
    assert not is_outlier(metrics, "HausdorffDistance_mm", outlier_range=1).any()


def test_a_value_at_the_limit_is_no_outlier():
    assert not is_outlier(table({"s": [0.5, 0.5, 0.5]}), "Dice", outlier_range=3).any()


def test_a_single_subject_has_no_outliers():
    assert find_outliers(table({"s": [0.0]}), outlier_range=0.1).empty


def test_worst_outliers_come_first_and_ties_by_subject():
    metrics = table({"s": [0.0, 0.2, 0.0, *[0.9] * 12]})
    found = find_outliers(metrics, outlier_range=1, columns=["Dice"])
    assert found["Patient"].tolist() == ["0", "2", "1"]


def test_marks_are_yes_or_empty():
    marked = mark_outliers(table({"s": [0.9, 0.9, 0.9, 0.1]}), "Dice", outlier_range=1)
    assert marked["is_outlier"].tolist() == ["", "", "", "Yes"]


def test_no_outliers_are_written_as_a_header(tmp_path):
    found = find_outliers(table({"s": [0.5, 0.5]}), outlier_range=3)
    write_outliers(tmp_path / "outliers.csv", found)
    text = (tmp_path / "outliers.csv").read_text()
    assert text == "Metric,Patient,Structure,Value,Mean,Std,Limit\n"


def test_outliers_are_written_with_three_decimals(tmp_path):
    metrics = table({"s": [0.8, 0.9]}).assign(MeanDistance_mm=[INF, 2.0])
    write_outliers(tmp_path / "o.csv", find_outliers(metrics, outlier_range=3))
    assert (tmp_path / "o.csv").read_text().splitlines()[1:] == ["MeanDistance_mm,0,s,inf,2.000,,"]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.floats(0.1, 3), st.floats(0.1, 3))
def test_a_wider_range_has_fewer_outliers(values, first, second):
    narrow, wide = (
        is_outlier(table({"s": values}), "Dice", outlier_range=r) for r in sorted((first, second))
    )
    assert np.all(narrow | ~wide)
