"""The table of several runs: all rows of all runs, in order, whole, and the same after a file."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.errors import InnerEyeError
from innereye.metrics.runs.run_results import RunResults
from innereye.metrics.runs.runs_table import (
    RUNS_COLUMNS,
    collect_runs,
    read_runs_table,
    write_baseline_table,
    write_runs_table,
)
from innereye.names import METRIC_COLUMNS

HEADER = "Patient,Structure,Dice,HausdorffDistance_mm,MeanDistance_mm"
NAN, INF = math.nan, math.inf


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(folder, name, rows_of_mode, dataset=()):
    """A run whose metrics.csv have the rows of each mode, and a dataset.csv of the lines."""
    metrics = {
        mode: write(folder / name / mode / "metrics.csv", HEADER, *rows)
        for mode, rows in rows_of_mode.items()
    }
    dataset_csv = write(folder / name / "dataset.csv", *dataset) if dataset else None
    return RunResults(name, metrics, dataset_csv)


DATASET = (
    "subject,filePath,channel,seriesId,institutionId",
    *("1,a,ct,s1,A", "1,b,heart,s1,A", "2,c,ct,s2,B", "2,d,heart,s2,B"),
)
FOLD_0 = {"Val": ["1,heart,0.141,2.5,1.0"], "Test": ["2,heart,,,", "1,heart,0.000,inf,inf"]}
FOLD_1 = {"Val": ["2,heart,0.009,3.0,1.5"], "Test": ["1,heart,0.5,1.0,0.5"]}


def test_modes_then_runs_then_rows_as_they_are(tmp_path):
    table = collect_runs([run(tmp_path, "1", FOLD_1), run(tmp_path, "0", FOLD_0)])
    assert list(zip(table["mode"], table["split"], table["Patient"], strict=True)) == [
        ("Val", "1", "2"),
        ("Val", "0", "1"),
        ("Test", "1", "1"),
        ("Test", "0", "2"),
        ("Test", "0", "1"),
    ]
    assert list(table.columns) == list(RUNS_COLUMNS)
    assert list(table["data_split"]) == list(table["mode"])


def test_dice_is_percent_and_nothing_missing_or_infinite_is_lost(tmp_path):
    table = collect_runs([run(tmp_path, "0", FOLD_0)])
    assert table["Dice"].tolist() == pytest.approx([14.1, NAN, 0.0], nan_ok=True)
    for column, first in (("HausdorffDistance_mm", 2.5), ("MeanDistance_mm", 1.0)):
        assert table[column].tolist() == pytest.approx([first, NAN, INF], nan_ok=True)


def test_ids_come_from_the_dataset_and_are_empty_without_one(tmp_path):
    runs = [run(tmp_path, "0", FOLD_0, DATASET), run(tmp_path, "1", FOLD_1)]
    table = collect_runs(runs, modes=["Test"])
    assert table["seriesId"].tolist() == ["s2", "s1", ""]
    assert table["institutionId"].tolist() == ["B", "A", ""]


def test_a_dataset_without_the_columns_gives_empty_ids(tmp_path):
    table = collect_runs([run(tmp_path, "0", FOLD_0, ["subject,seriesId", "1,s1", "2,s2"])])
    assert table["seriesId"].tolist() == ["s1", "s2", "s1"]
    assert set(table["institutionId"]) == {""}


def test_a_subject_that_the_dataset_lacks_is_an_error_unless_it_is_ignored(tmp_path):
    lacks_2 = run(tmp_path, "0", FOLD_0, DATASET[:3])
    with pytest.raises(InnerEyeError, match=r"'0': .*Test.metrics\.csv .*0.dataset\.csv: 2\.$"):
        collect_runs([lacks_2])
    assert len(collect_runs([lacks_2], ignore_subjects=["2"])) == 2


def test_ignored_subjects_are_gone_and_unknown_ones_are_said(tmp_path, caplog):
    table = collect_runs([run(tmp_path, "0", FOLD_0)], ignore_subjects=["1", "77"])
    assert set(table["Patient"]) == {"2"}
    assert "no run has: 77" in caplog.text


def test_a_run_without_a_mode_gives_no_rows_there(tmp_path):
    runs = [run(tmp_path, "0", FOLD_0), run(tmp_path, "ENSEMBLE", {"Test": FOLD_0["Test"]})]
    assert collect_runs(runs)["split"].tolist() == ["0", "0", "0", "ENSEMBLE", "ENSEMBLE"]
    assert collect_runs(runs, modes=["Train"]).empty


def test_metrics_that_a_run_lacks_are_nan(tmp_path):
    old = RunResults("old", {"Test": write(tmp_path / "m.csv", "Patient,Structure,Dice", "1,a,1")})
    table = collect_runs([old])
    assert table[list(METRIC_COLUMNS)].iloc[0].tolist() == pytest.approx(
        [100.0, NAN, NAN], nan_ok=True
    )


def test_two_runs_of_one_name_are_refused(tmp_path):
    runs = [run(tmp_path / place, "0", FOLD_0) for place in ("a", "b")]
    with pytest.raises(InnerEyeError, match="More than one run is called '0'"):
        collect_runs(runs)


def test_the_file_is_the_original_s_to_the_letter(tmp_path):
    write_runs_table(tmp_path / "t.csv", collect_runs([run(tmp_path, "0", FOLD_0, DATASET)]))
    assert (tmp_path / "t.csv").read_bytes().decode().split("\n") == [
        f"{HEADER},data_split,seriesId,institutionId,split,mode",
        "1,heart,14.099999999999998,2.5,1.0,Val,s1,A,0,Val",
        "2,heart,,,,Test,s2,B,0,Test",
        "1,heart,0.0,inf,inf,Test,s1,A,0,Test",
        "",
    ]


def test_the_file_of_baselines_has_row_numbers_and_no_data_split(tmp_path):
    table = collect_runs([run(tmp_path, "CURRENT", FOLD_0)], modes=["Test"])
    write_baseline_table(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_text().splitlines() == [
        f",{HEADER},seriesId,institutionId,split,mode",
        "0,2,heart,,,,,,CURRENT,Test",
        "1,1,heart,0.0,inf,inf,,,CURRENT,Test",
    ]


@pytest.mark.parametrize("writer", [write_runs_table, write_baseline_table])
def test_no_run_makes_a_header_alone(writer, tmp_path):
    table = collect_runs([])
    writer(tmp_path / "t.csv", table)
    assert len((tmp_path / "t.csv").read_text().splitlines()) == 1
    pd.testing.assert_frame_equal(read_runs_table(tmp_path / "t.csv"), table)


ids = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=6)
numbers = st.floats(min_value=0) | st.just(NAN)
modes = st.sampled_from(["Train", "Val", "Test"])


@st.composite
def tables(draw):
    rows = draw(st.lists(st.tuples(ids, ids, numbers, numbers, numbers, modes, ids, ids, ids)))
    table = pd.DataFrame([(*row, row[5]) for row in rows], columns=list(RUNS_COLUMNS))
    texts = [column for column in RUNS_COLUMNS if column not in METRIC_COLUMNS]
    return table.astype(dict.fromkeys(texts, "str") | dict.fromkeys(METRIC_COLUMNS, "float64"))


@pytest.mark.parametrize("writer", [write_runs_table, write_baseline_table])
@settings(max_examples=30)
@given(table=tables())
def test_what_is_written_is_read(writer, tmp_path_factory, table):
    path = tmp_path_factory.mktemp("table") / "t.csv"
    writer(path, table)
    pd.testing.assert_frame_equal(read_runs_table(path), table)


def test_older_files_are_read(tmp_path):
    file = write(
        tmp_path / "t.csv",
        "Index,Patient,Structure,Dice,subject,seriesId,institutionId,split,mode",
        "0,007,bladder,81.0,007,s,A,0,Train",
    )
    table = read_runs_table(file)
    assert list(table.columns) == list(RUNS_COLUMNS)
    row = table.iloc[0]
    assert (row["Patient"], row["Dice"], row["split"]) == ("007", 81.0, "0")
    assert row["data_split"] == row["mode"] == "Train"
    assert math.isnan(row["HausdorffDistance_mm"])


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("Patient,Structure,Dice,split", "mode"),
        ("Patient,Structure,Dice,mode", "split"),
        ("Patient,Structure,HausdorffDistance_mm,split,data_split", "Dice"),
    ],
)
def test_a_file_without_a_needed_column_is_refused(header, missing, tmp_path):
    with pytest.raises(InnerEyeError, match=f"several runs: it has no column {missing}"):
        read_runs_table(write(tmp_path / "t.csv", header))
