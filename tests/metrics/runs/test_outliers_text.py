"""The outlier files of a mode: the stored one of the original, and what is right about distances."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.metrics.runs.outliers_text import outliers_text, write_outliers_text

DATA = Path(__file__).parent / "data"
INF = math.inf
COLUMNS = ["Patient", "Structure", "Dice", "HausdorffDistance_mm", "split", "seriesId"]


def table(*rows, mode="Test"):
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(institutionId="", MeanDistance_mm=1.0, mode=mode)


def scores(dice, distances=None):
    """One run, one structure: a subject for each Dice."""
    distances = distances or [1.0] * len(dice)
    return table(
        *(
            (str(index), "s", value, distance, "0", "")
            for index, (value, distance) in enumerate(zip(dice, distances, strict=True), start=1)
        )
    )


def stored():
    return pd.read_csv(DATA / "Val_agg_splits.csv", dtype={"Patient": str}).assign(mode="Val")


def words(text):
    return [re.sub(" +", " ", line).strip() for line in text.splitlines()]


def section(text, metric):
    return text.split(f"=== METRIC: {metric} ===\n\n")[1].split("\n\n")[0].splitlines()


def test_the_stored_file_comes_out_again_with_its_query():
    text = outliers_text(stored(), "Val", outlier_range=0)
    assert words(text) == words((DATA / "Val_outliers.txt").read_text())


@pytest.mark.parametrize("ids", [{"seriesId": "", "institutionId": ""}, None])
def test_without_ids_the_file_is_the_pruned_one(ids):
    without = (
        stored().assign(**ids) if ids else stored().drop(columns=["seriesId", "institutionId"])
    )
    text = outliers_text(without, "Val", outlier_range=0)
    assert words(text) == words((DATA / "Val_outliers_pruned.txt").read_text())


def test_lines_are_as_wide_as_in_the_stored_file():
    text = outliers_text(stored(), "Val", outlier_range=0)
    stored_lines = (DATA / "Val_outliers.txt").read_text().splitlines()
    lines = text.splitlines()
    assert lines[4:6] == stored_lines[4:6]
    # Numbers are right-justified, as later versions of pandas have it.
    assert lines[6].endswith("6a5da6c    1.0   1.1  1.1  1.1")
    assert len(lines[6]) == len(stored_lines[6])


def test_far_hausdorff_distances_are_outliers_not_good_dice():
    text = outliers_text(scores([50, 50, 50, 99], [99.0, 2.0, 2.0, 2.0]), "Test", outlier_range=1)
    assert section(text, "Dice") == ["No outliers found"]
    assert section(text, "HausdorffDistance_mm")[2:] == [
        "1       s            1.0  99.0  99.0  99.0"
    ]


def test_infinite_distances_are_outliers_and_leave_the_limit_alone():
    text = outliers_text(scores([50] * 5, [INF, 9.0, 2.0, 2.0, 2.0]), "Test", outlier_range=1)
    assert section(text, "HausdorffDistance_mm")[2:] == [
        "1       s            1.0   inf  inf  inf",
        "2       s            1.0   9.0  9.0  9.0",
    ]


def test_structures_and_runs_are_measured_together():
    # Within its own structure 20 is usual, and within its own run 90 would be low.
    rows = [(str(i), "easy", dice, 1.0, "0", "") for i, dice in enumerate((95, 95, 95, 90))]
    rows += [(str(i), "hard", 20, 1.0, "1", "") for i in range(2)]
    text = outliers_text(table(*rows), "Test", outlier_range=1)
    assert [line.split()[:2] for line in section(text, "Dice")[2:]] == [
        ["0", "hard"],
        ["1", "hard"],
    ]


def test_the_limit_itself_is_no_outlier():
    assert section(outliers_text(scores([10, 20, 30]), "Test", outlier_range=1), "Dice") == [
        "No outliers found"
    ]


def test_a_subject_has_one_line_for_all_runs_most_often_found_first():
    rows = [("1", "s", 9.0, 1.0, "0", ""), ("2", "s", 0.0, 1.0, "0", "")]
    rows += [("2", "s", 2.5, 1.0, "1", ""), ("1", "s", 90.0, 1.0, "1", "")]
    rows += [(str(i), "s", 90.0, 1.0, "2", "") for i in range(20)]
    text = outliers_text(table(*rows), "Test", outlier_range=2)
    assert section(text, "Dice") == [
        "                   count  mean  min  max",
        "Patient Structure",
        "2       s            2.0  1.25  0.0  2.5",
        "1       s            1.0  9.00  9.0  9.0",
    ]


def test_ties_come_in_the_natural_order_of_patients_and_repeated_names_are_blank():
    rows = [(patient, "s", 0.0, 1.0, "0", "") for patient in ("10", "9")]
    rows += [("9", "t", 0.0, 1.0, "0", "")]
    rows += [(str(i), "s", 90.0, 1.0, "0", "") for i in range(20, 50)]
    lines = section(outliers_text(table(*rows), "Test", outlier_range=2), "Dice")[2:]
    assert [line[:9].rstrip() for line in lines] == ["9       s", "        t", "10      s"]


def test_another_series_of_a_patient_is_another_line():
    rows = [("1", "s", 0.0, 1.0, "0", "x"), ("1", "s", 0.0, 1.0, "B", "y")]
    rows += [(str(i), "s", 90.0, 1.0, "0", f"s{i}") for i in range(20, 50)]
    text = outliers_text(table(*rows), "Test", outlier_range=2)
    assert [line.split() for line in section(text, "Dice")[2:]] == [
        ["1", "s", "x", "1.0", "0.0", "0.0", "0.0"],
        ["y", "1.0", "0.0", "0.0", "0.0"],
    ]
    assert text.endswith(
        'InstanceUID,"x") OR STARTSWITH('
        'r.VersionedDicomImageSeries.Latest.Series.InstanceUID,"y"))\n'
    )


def test_without_outliers_there_is_no_query():
    found = scores([50, 50, 50]).assign(seriesId="x", institutionId="A")
    assert outliers_text(found, "Test") == (
        "\n\n=== METRIC: Dice ===\n\nNo outliers found"
        "\n\n=== METRIC: HausdorffDistance_mm ===\n\nNo outliers found\n"
    )


def test_other_modes_do_not_count():
    both = pd.concat([scores([50, 50, 50, 10]), table(("5", "s", 0, 1.0, "0", ""), mode="Val")])
    assert outliers_text(both, "Test", outlier_range=1) == outliers_text(
        scores([50, 50, 50, 10]), "Test", outlier_range=1
    )


def test_a_mode_without_rows_says_so():
    text = outliers_text(scores([50]), "Val")
    assert text == "No run has scores on Val, so there are no outliers to list.\n"


@given(st.permutations(range(9)), st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_the_text_does_not_depend_on_the_order_of_rows(order, dice):
    rows = scores([float(value) for value in dice])
    assert outliers_text(rows.iloc[order], "Test", outlier_range=0.5) == outliers_text(
        rows, "Test", outlier_range=0.5
    )


def test_the_file_holds_the_text(tmp_path):
    text = outliers_text(scores([50, 50, 50, 10]), "Test", outlier_range=1)
    write_outliers_text(tmp_path / "new" / "Test_outliers.txt", text)
    assert (tmp_path / "new" / "Test_outliers.txt").read_bytes() == text.encode()
