"""Folds and all subjects: means, spread, the worst, and what is infinite."""

import math

import pandas as pd
import pytest
from scipy import stats

from innereye.metrics.runs.results_by_fold import (
    results_by_fold,
    unusual_folds,
    write_results_by_fold,
)
from innereye.names import DICE, HAUSDORFF, MEAN_DISTANCE

NAN, INF = math.nan, math.inf


def table(*rows, metric=DICE):
    """A runs table from rows (mode, run, subject, structure, value)."""
    content = [
        {DICE: NAN, HAUSDORFF: NAN, MEAN_DISTANCE: NAN}
        | {"data_split": mode, "mode": mode, "split": run, "Patient": subject, "Structure": name}
        | {metric: value}
        for mode, run, subject, name, value in rows
    ]
    columns = [
        "Patient",
        "Structure",
        DICE,
        HAUSDORFF,
        MEAN_DISTANCE,
        "data_split",
        "split",
        "mode",
    ]
    return pd.DataFrame(content, columns=columns)


def val(dice_of_fold, structure="a"):
    """Val rows from {fold: percents of its subjects}, each subject in one fold."""
    return [
        ("Val", fold, f"{fold}-{index}", structure, value)
        for fold, values in dice_of_fold.items()
        for index, value in enumerate(values)
    ]


def only_row(frame, structure="a"):
    rows = frame[frame["Structure"] == structure]
    assert len(rows) == 1
    return rows.iloc[0]


def test_means_of_folds_and_of_subjects():
    row = only_row(results_by_fold(table(*val({"0": [90, 80, 70], "1": [60]}))))
    assert row["folds"] == 2
    assert row["mean_of_folds"] == pytest.approx(0.7)
    assert row["std_of_folds"] == pytest.approx(math.sqrt(0.02))
    assert (row["min_of_folds"], row["max_of_folds"]) == pytest.approx((0.6, 0.8))
    assert (row["worst_fold"], row["subjects"], row["infinite"]) == ("1", 4, 0)
    assert row["pooled_mean"] == pytest.approx(0.75)
    low, high = stats.t.interval(0.95, 3, 0.75, stats.sem([0.9, 0.8, 0.7, 0.6]))
    assert (row["pooled_low"], row["pooled_high"]) == pytest.approx((low, min(high, 1)))


def test_a_subject_that_all_folds_score_counts_once():
    rows = [
        ("Test", fold, subject, "a", 50 + 10 * int(subject)) for fold in "012" for subject in "12"
    ]
    row = only_row(results_by_fold(table(*rows)))
    assert (row["folds"], row["subjects"]) == (3, 2)
    low, high = stats.t.interval(0.95, 1, 0.65, stats.sem([0.6, 0.7]))
    assert (row["pooled_low"], row["pooled_high"]) == pytest.approx((max(low, 0), min(high, 1)))


def test_the_mean_over_structures_is_taken_within_subjects():
    rows = [("Val", "0", "1", "a", 90), ("Val", "0", "1", "b", 50), ("Val", "0", "2", "a", 30)]
    frame = results_by_fold(table(*rows))
    assert frame["Structure"].tolist() == ["a", "b", "mean"]
    assert only_row(frame, "mean")["pooled_mean"] == pytest.approx((0.7 + 0.3) / 2)


def test_missing_values_are_left_out_and_infinite_ones_never():
    values = {"0": [2, NAN], "1": [4, INF]}
    row = only_row(results_by_fold(table(*val(values), metric=HAUSDORFF)))
    assert (row["mean_of_folds"], row["min_of_folds"], row["max_of_folds"]) == (INF, 2, INF)
    assert math.isnan(row["std_of_folds"])
    assert row["worst_fold"] == "1"
    assert (row["subjects"], row["infinite"], row["pooled_mean"]) == (3, 1, 3)


def test_a_fold_without_any_value_is_no_fold():
    row = only_row(results_by_fold(table(*val({"0": [50], "1": [NAN]}))))
    assert (row["folds"], row["subjects"], row["mean_of_folds"]) == (1, 1, 0.5)
    assert math.isnan(row["std_of_folds"])


def test_only_folds_count_and_only_metrics_that_were_measured():
    rows = [*val({"0": [50]}), ("Test", "0", "9", "a", 60), ("Test", "ENSEMBLE", "9", "a", 99)]
    frame = results_by_fold(table(*rows))
    assert frame["data_split"].tolist() == ["Val", "Val", "Test", "Test"]
    assert set(frame["Metric"]) == {DICE}
    assert frame["pooled_mean"].tolist() == pytest.approx([0.5, 0.5, 0.6, 0.6])
    assert results_by_fold(table()).empty
    assert list(results_by_fold(table()).columns) == list(frame.columns)


def test_the_order_of_rows_changes_nothing():
    rows = val({str(fold): [70 + fold, 80.1, 90.7] for fold in range(11)})
    frames = [results_by_fold(table(*order)) for order in (rows, rows[::-1])]
    pd.testing.assert_frame_equal(*frames, check_exact=True)


def test_the_file_has_six_decimals(tmp_path):
    frame = results_by_fold(table(*val({"0": [14.099999999999998], "1": [20]})))
    write_results_by_fold(tmp_path / "r.csv", frame)
    lines = (tmp_path / "r.csv").read_text().splitlines()
    assert lines[0].startswith("data_split,Metric,Structure,folds,mean_of_folds,std_of_folds,")
    assert lines[1].startswith("Val,Dice,a,2,0.1705,0.0417193,0.141,0.2,0,2,0,0.1705,")
    assert len(lines) == 3
    write_results_by_fold(
        tmp_path / "r.csv", results_by_fold(table(*val({"0": [INF]}), metric=HAUSDORFF))
    )
    assert (tmp_path / "r.csv").read_text().splitlines()[1] == (
        "Val,HausdorffDistance_mm,a,1,inf,,inf,inf,0,1,1,,,"
    )


def test_a_fold_that_learned_nothing_is_named():
    rows = [*val({"0": [88], "1": [90], "2": [40], "3": [89]}), *val({"2": [88]}, "b")]
    assert unusual_folds(table(*rows)) == [
        "Fold 2 lies far from the other folds in its mean Dice on Val: "
        "a 0.400 (others 0.880 to 0.900)."
    ]


@pytest.mark.parametrize(
    "folds",
    [
        {"0": [88], "1": [90], "2": [81], "3": [89]},  # not 0.1 away
        {"0": [20], "1": [90], "2": [55], "3": [40]},  # all differ
        {"0": [20], "1": [90]},  # nobody knows which
    ],
)
def test_ordinary_folds_are_not_named(folds):
    assert unusual_folds(table(*val(folds))) == []
