"""Break-down of Dice over all runs: the stored files of the original, byte by byte."""

import math
from pathlib import Path

import pandas as pd
import pytest

from innereye.metrics.runs.breakdown import (
    results_by_mode,
    results_by_mode_and_structure,
    write_breakdown,
)

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("break_down", "name"),
    [
        (results_by_mode, "ResultsByMode.csv"),
        (results_by_mode_and_structure, "ResultsByModeAndStructure.csv"),
    ],
)
def test_the_stored_break_downs_come_out_again(break_down, name, tmp_path):
    table = pd.read_csv(DATA / "MetricsAcrossAllRuns.csv")
    write_breakdown(tmp_path / name, break_down(table))
    assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def scores(*rows):
    return pd.DataFrame(rows, columns=["mode", "Structure", "Dice"])


def test_missing_scores_are_left_out_and_their_structure_is_not(tmp_path):
    table = scores(("Test", "b", 50.0), ("Test", "b", math.nan), ("Test", "a", math.nan))
    write_breakdown(tmp_path / "r.csv", results_by_mode_and_structure(table))
    assert (tmp_path / "r.csv").read_text().splitlines()[1:] == [
        "Test,a,,,,",
        "Test,b,50.000,50.000,50.000,50.000",
    ]


@pytest.mark.parametrize(
    ("break_down", "header"),
    [
        (results_by_mode, "mode,mean,50%,min,max\n"),
        (results_by_mode_and_structure, "mode,Structure,mean,50%,min,max\n"),
    ],
)
def test_no_scores_leave_the_header(break_down, header, tmp_path):
    write_breakdown(tmp_path / "r.csv", break_down(scores()))
    assert (tmp_path / "r.csv").read_text() == header
