"""The numbers of a report are those of the scores, and say what they leave out."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from innereye.metrics.aggregates import mean_dice
from innereye.names import DICE, HAUSDORFF, MEAN_DISTANCE, PATIENT, STRUCTURE
from innereye.reports.score_tables import (
    AVERAGE,
    STATISTICS_COLUMNS,
    dice_in_words,
    outlier_table,
    statistics_table,
    worst_table,
)


def rows_by_name(metrics, metric):
    table = statistics_table(metrics, metric)
    assert table.columns == STATISTICS_COLUMNS
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def distances(*values):
    subjects = [str(index) for index in range(len(values))]
    columns = {
        PATIENT: subjects,
        STRUCTURE: "left",
        DICE: 0.5,
        HAUSDORFF: values,
        MEAN_DISTANCE: 1.0,
    }
    return pd.DataFrame(columns)


def test_mean_and_interval_follow_students_t(made_up_scores):
    metrics = made_up_scores(9, 0)
    values = metrics.loc[metrics[STRUCTURE] == "left", DICE]
    low, high = stats.t.interval(0.95, 8, values.mean(), stats.sem(values))
    row = rows_by_name(metrics, DICE)["left"]
    assert row["n"] == "9"
    assert row["mean"] == f"{values.mean():.3f}"
    assert row["95 % CI"] == f"{low:.3f} to {high:.3f}"
    assert row["std"] == f"{values.std(ddof=1):.3f}"
    assert (row["min"], row["max"]) == (f"{values.min():.3f}", f"{values.max():.3f}")
    quartiles = [row[name] for name in ("25 %", "50 %", "75 %")]
    assert quartiles == [f"{value:.3f}" for value in np.quantile(values, (0.25, 0.5, 0.75))]


def test_the_average_is_that_of_each_subject(made_up_scores):
    metrics = made_up_scores(6, 1)
    per_subject = metrics.groupby(PATIENT)[HAUSDORFF].mean()
    row = rows_by_name(metrics, HAUSDORFF)[AVERAGE]
    assert row["mean"] == f"{per_subject.mean():.2f}"
    assert row["std"] == f"{per_subject.std(ddof=1):.2f}"
    assert dice_in_words(metrics).startswith(f"{mean_dice(metrics):.3f} (")


def test_one_structure_has_no_average():
    assert list(rows_by_name(distances(1.0, 2.0), HAUSDORFF)) == ["left"]


def test_the_best_structure_comes_first(made_up_scores):
    metrics = made_up_scores(4, 2)
    for metric in (DICE, HAUSDORFF):
        metrics[metric] = np.where(metrics[STRUCTURE] == "right", 0.9, 0.8)
    assert list(rows_by_name(metrics, DICE))[:2] == ["right", "left"]
    assert list(rows_by_name(metrics, HAUSDORFF))[:2] == ["left", "right"]


def test_infinite_and_missing_values_are_counted_and_left_out_of_the_mean():
    row = rows_by_name(distances(1.0, 2.0, math.inf, math.nan), HAUSDORFF)["left"]
    assert (row["n"], row["infinite"], row["missing"]) == ("3", "1", "1")
    assert (row["mean"], row["50 %"], row["max"]) == ("1.50", "2.00", "∞")


@pytest.mark.parametrize(
    ("values", "mean"), [((4.0,), "4.00"), ((math.inf,), "-"), ((math.nan,), "-")]
)
def test_a_single_value_has_no_interval(values, mean):
    row = rows_by_name(distances(*values), HAUSDORFF)["left"]
    assert (row["mean"], row["95 % CI"], row["std"]) == (mean, "-", "-")


def test_outliers_come_with_their_limit():
    metrics = distances(*[1.0] * 20, 100.0, math.inf)
    finite = np.array([1.0] * 20 + [100.0])
    limit = finite.mean() + 3.0 * finite.std(ddof=1)
    table = outlier_table(metrics, outlier_range=3.0)
    assert [row[1:] for row in table.rows] == [
        ("21", "left", "∞", f"{limit:.2f}"),
        ("20", "left", "100.00", f"{limit:.2f}"),
    ]


def test_the_worst_come_first_and_outliers_stand_out():
    metrics = distances(*[1.0] * 20, 100.0, math.inf)
    table = worst_table(metrics, HAUSDORFF, outlier_range=3.0, max_rows=4)
    assert [row[0] for row in table.rows] == ["21", "20", "0", "1"]
    assert [row[-1] for row in table.rows] == ["Yes", "Yes", "", ""]
    assert table.marked == (0, 1)
    assert table.columns[-1] == "is_outlier"


def test_the_worst_dice_is_the_lowest(made_up_scores):
    metrics = made_up_scores(8, 3)
    table = worst_table(metrics, DICE, outlier_range=3.0, max_rows=5)
    assert [row[2] for row in table.rows] == [f"{value:.3f}" for value in sorted(metrics[DICE])[:5]]
