"""Outliers within each structure, counted over the runs."""

import math

import pandas as pd
import pytest

from innereye.metrics.runs.outliers_of_runs import outliers_of_runs, write_outliers_of_runs

NAN, INF = math.nan, math.inf
COLUMNS = ["Patient", "Structure", "Dice", "HausdorffDistance_mm", "split", "seriesId"]


def table(*rows, mode="Test"):
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(institutionId="A", MeanDistance_mm=1.0, mode=mode)


def peers(structure="s", dice=90.0, count=20):
    """Subjects without a fault, in a run of their own."""
    return [(f"peer{i}", structure, dice, 1.0, "peers", "") for i in range(count)]


def found(rows, *columns, outlier_range=2):
    outliers = outliers_of_runs(table(*rows), "Test", outlier_range=outlier_range)
    return outliers[list(columns)].to_numpy().tolist()


def test_a_subject_is_counted_over_the_runs_that_scored_it():
    rows = [("1", "s", dice, 1.0, run, "") for run, dice in zip("ABC", (0, 10, 90), strict=True)]
    rows += [("1", "s", NAN, 1.0, "D", ""), *peers()]
    assert found(rows, "Patient", "OutlierInRuns", "ScoredByRuns", "Mean", "Min", "Max") == [
        ["1", 2, 3, 5.0, 0.0, 10.0]
    ]


def test_a_structure_has_a_limit_of_its_own():
    rows = [("1", "easy", 60.0, 1.0, "A", ""), ("1", "hard", 30.0, 1.0, "A", "")]
    rows += [*peers("easy", 95.0), *peers("hard", 30.0)]
    outliers = outliers_of_runs(table(*rows), "Test", outlier_range=2)
    assert outliers["Structure"].tolist() == ["easy"]
    dice = pd.Series([60.0, *[95.0] * 20])
    assert outliers["Limit"].tolist() == pytest.approx([dice.mean() - 2 * dice.std()])


def test_runs_of_a_series_belong_together_whatever_the_patient_is_called():
    rows = [("1", "s", 0.0, 1.0, "A", "x"), ("0001", "s", 0.0, 1.0, "B", "x"), *peers()]
    assert found(rows, "Patient", "seriesId", "institutionId", "OutlierInRuns") == [
        ["1", "x", "A", 2]
    ]


def test_infinite_distances_are_outliers_and_leave_the_limit_alone():
    rows = [("1", "s", 90.0, INF, "A", ""), *peers()]
    columns = ("Metric", "Patient", "Mean", "Min", "Max", "Limit")
    assert found(rows, *columns) == [["HausdorffDistance_mm", "1", INF, INF, INF, 1.0]]


def test_all_three_metrics_are_looked_at():
    worst = table(("1", "s", 0.0, 50.0, "A", ""), *peers())
    worst.loc[0, "MeanDistance_mm"] = 20.0
    assert outliers_of_runs(worst, "Test", outlier_range=2)["Metric"].tolist() == [
        "Dice",
        "HausdorffDistance_mm",
        "MeanDistance_mm",
    ]


def test_most_often_found_then_worst_then_patients_in_order():
    rows = [(patient, "s", 5.0, 9.0, "A", "") for patient in ("10", "9", "8")]
    rows += [("8", "s", 5.0, 9.0, "B", ""), ("7", "s", 0.0, 90.0, "A", ""), *peers(count=99)]
    for metric in ("Dice", "HausdorffDistance_mm"):
        outliers = outliers_of_runs(table(*rows), "Test", outlier_range=0)
        of_metric = outliers[outliers["Metric"] == metric]
        assert of_metric["Patient"].tolist() == ["8", "7", "9", "10"]


def test_other_modes_do_not_count():
    both = pd.concat([table(*peers()), table(("1", "s", 0.0, 1.0, "A", ""), mode="Val")])
    assert outliers_of_runs(both, "Test").empty


def test_files_have_six_digits_and_whole_counts(tmp_path):
    rows = [("1", "s", 1 / 3, INF, "A", ""), ("2", "t", 50.0, INF, "A", ""), *peers()]
    write_outliers_of_runs(tmp_path / "o.csv", outliers_of_runs(table(*rows), "Test"))
    assert (tmp_path / "o.csv").read_text().splitlines() == [
        "Metric,Structure,Patient,OutlierInRuns,ScoredByRuns,Mean,Min,Max,Limit,seriesId,institutionId",
        "Dice,s,1,1,1,0.333333,0.333333,0.333333,27.0295,,A",
        "HausdorffDistance_mm,s,1,1,1,inf,inf,inf,1,,A",
        "HausdorffDistance_mm,t,2,1,1,inf,inf,inf,,,A",
    ]


@pytest.mark.parametrize("rows", [[], peers()])
def test_without_outliers_the_header_is_written(rows, tmp_path):
    write_outliers_of_runs(tmp_path / "o.csv", outliers_of_runs(table(*rows), "Test"))
    assert (tmp_path / "o.csv").read_text().count("\n") == 1
