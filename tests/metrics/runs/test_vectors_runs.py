"""Conformance cases of the original: the table of several runs."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.runs.crossval_results import find_crossval_runs
from innereye.metrics.runs.run_results import RunResults
from innereye.metrics.runs.runs_table import collect_runs, read_runs_table
from innereye.names import (
    DATA_SPLIT,
    DICE,
    INSTITUTION,
    MODE,
    PATIENT,
    RUN_OF_ROW,
    SERIES,
    STRUCTURE,
)

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors"
with_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)
KEYS = [RUN_OF_ROW, PATIENT, STRUCTURE]
COMPARED = [*KEYS, DICE, SERIES, INSTITUTION, DATA_SPLIT]


def in_order(table):
    return table[COMPARED].sort_values(KEYS, ignore_index=True)


def assert_same_rows(found, expected, tolerance):
    pd.testing.assert_frame_equal(in_order(found), in_order(expected), atol=tolerance, rtol=0)
    assert found[MODE].equals(found[DATA_SPLIT])


@with_vectors
@pytest.mark.parametrize("case_id", ["crossval_segmentation/0"])
def test_val_metrics_of_two_folds_combined(case_id):
    cases = json.loads((VECTORS / "json" / "crossval_segmentation.json").read_text())["cases"]
    case = next(case for case in cases if case["id"] == case_id)
    given = case["input"]
    # The second fold has no dataset.csv and takes that of the first.
    runs = find_crossval_runs(VECTORS / given["folder"])
    assert [run.name for run in runs] == [*given["splits"], "ENSEMBLE"]
    assert {run.dataset_csv for run in runs[:2]} == {
        VECTORS / given["folder"] / given["dataset_for_both"]
    }
    expected = read_runs_table(VECTORS / case["expected"]["file"])
    found = collect_runs(runs, modes=[given["mode"]])
    assert_same_rows(found, expected, case["tolerance"])


@with_vectors
def test_test_metrics_of_two_folds_combined():
    folder = VECTORS / "data" / "segmentation_crossval"
    runs = find_crossval_runs(folder / "main_1570466706163110")[:2]
    expected = read_runs_table(folder / "Test_agg_splits.csv")
    assert_same_rows(collect_runs(runs, modes=["Test"]), expected, 1e-9)


@with_vectors
def test_a_stored_table_of_all_runs_is_read():
    table = read_runs_table(VECTORS / "data" / "results_breakdown" / "MetricsAcrossAllRuns.csv")
    assert len(table) == 120
    assert set(table[MODE]) == {"Train", "Val", "Test"}
    assert np.isfinite(table[DICE]).all()


def test_combined_metrics_without_the_vectors_at_hand(tmp_path):
    """Four rows of the case."""
    text = "subject,seriesId,institutionId\n306,9e84,641e\n409,776d,5a6b\n411,6fa0,5a6b\n"
    (tmp_path / "dataset.csv").write_text(text)
    metrics = {"0": "409,femur_l,0.231\n409,rectum,0.004\n"}
    metrics["1"] = "306,femur_l,0.233\n411,rectum,0.009\n"
    runs = []
    for name, rows in metrics.items():
        (tmp_path / f"{name}.csv").write_text(f"Patient,Structure,Dice\n{rows}")
        runs.append(RunResults(name, {"Val": tmp_path / f"{name}.csv"}, tmp_path / "dataset.csv"))
    table = collect_runs(runs)
    assert table[DICE].tolist() == pytest.approx([23.1, 0.4, 23.3, 0.9], abs=1e-9)
    others = [column for column in COMPARED if column != DICE]
    assert list(table[others].itertuples(index=False, name=None)) == [
        ("0", "409", "femur_l", "776d", "5a6b", "Val"),
        ("0", "409", "rectum", "776d", "5a6b", "Val"),
        ("1", "306", "femur_l", "9e84", "641e", "Val"),
        ("1", "411", "rectum", "6fa0", "5a6b", "Val"),
    ]
