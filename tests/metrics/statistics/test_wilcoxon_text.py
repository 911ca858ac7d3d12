"""InnerEye's Wilcoxon text: the conformance cases to the letter, and the rules behind the lines."""

import math

import pandas as pd
import pytest

from innereye.metrics.statistics.wilcoxon import WilcoxonScores
from innereye.metrics.statistics.wilcoxon_text import (
    label,
    table_lines,
    wilcoxon_lines,
    write_wilcoxon_text,
)

HEADER = "Name             N   Mean1   Mean2  N1>2 N2>1  Med1    Med2    WilcZ WilcP 2_vs_1"
NOTHING = "There were not enough data points for any statistically meaningful comparisons."


def rows(run, scores, *, structure="foo", mode="Test", series=None):
    """Return the runs table of one run; `scores`: subject to Dice."""
    return pd.DataFrame(
        {
            "Patient": [str(subject) for subject in scores],
            "Structure": structure,
            "Dice": list(scores.values()),
            "seriesId": [series[subject] if series else "" for subject in scores],
            "split": run,
            "mode": mode,
        }
    )


def constant(value, subjects=range(5)):
    return dict.fromkeys(subjects, value)


def two_runs(second=2.0, subjects=range(5), **options):
    """Two runs with a Dice of 1 and of `second` throughout."""
    return pd.concat(
        [
            rows(run, constant(dice, subjects), **options)
            for run, dice in (("A", 1.0), ("B", second))
        ]
    )


@pytest.mark.parametrize(
    ("p", "row", "fails_if_asked_to_throw"),
    [
        (0.02, "foo  10   3.500   4.500   30   40   3.000   4.000  1.000 0.020 WORSE", True),
        (0.98, "foo  10   3.500   4.500   30   40   3.000   4.000  1.000 0.980 BETTER", False),
    ],
)
def test_conformance_cases_4_and_6_labels(p, row, fails_if_asked_to_throw):
    scores = WilcoxonScores(10, 30, 40, 3.5, 4.5, 3, 4, 1.0, p)
    assert table_lines({"foo": scores}, threshold=0.05) == [HEADER, row]
    assert (label(p, threshold=0.05) == "WORSE") == fails_if_asked_to_throw


@pytest.mark.parametrize(
    ("p", "word"), [(0.024, "WORSE"), (0.026, ""), (0.974, ""), (0.976, "BETTER")]
)
def test_the_threshold_of_a_label_is_two_tailed(p, word):
    assert label(p, threshold=0.05) == word


def test_conformance_case_8_three_runs_against_one():
    dice_of_run = {"A": 0.95, "B": 0.96, "C": 0.97}
    table = pd.concat([rows(run, constant(dice)) for run, dice in dice_of_run.items()])
    assert wilcoxon_lines(table, against=["B"]) == [
        "Run 1: A",
        "Run 2: B",
        HEADER,
        "foo   5   0.950   0.960    0    5   0.950   0.960  2.023 0.947 ",
        "",
        "Run 1: C",
        "Run 2: B",
        HEADER,
        "foo   5   0.970   0.960    5    0   0.970   0.960 -2.023 0.053 ",
        "",
    ]


def test_conformance_case_10_a_baseline():
    series = {subject: f"s{subject}" for subject in range(10)}
    now = {subject: 100 * (0.5 + 0.02 * subject) for subject in range(10)}
    before = {subject: dice + 1 for subject, dice in now.items()}
    table = pd.concat(
        [
            rows("CURRENT", now, structure="appendix", series=series),
            rows("DefaultName", before, structure="appendix", series=series),
        ]
    )
    assert wilcoxon_lines(table, against=["CURRENT"]) == [
        "Run 1: DefaultName",
        "Run 2: CURRENT",
        HEADER,
        "appendix  10  60.000  59.000   10    0  60.000  59.000 -2.803 0.012 WORSE",
        "",
    ]


def test_fewer_than_five_untied_subjects_end_the_row_after_the_medians():
    few = two_runs(structure="a", subjects=range(4))
    lines = wilcoxon_lines(pd.concat([two_runs(structure="long"), few]))
    assert lines[3] == "a      4   1.000   2.000    0    4   1.000   2.000"
    assert lines[4].startswith("long   5   1.000   2.000    0    5")


def test_a_pair_without_five_untied_subjects_is_left_out():
    assert wilcoxon_lines(two_runs(second=1.0)) == []
    assert wilcoxon_lines(two_runs(subjects=range(4))) == []


def test_without_against_every_pair_is_compared():
    table = pd.concat([rows(run, constant(dice)) for dice, run in enumerate("CAB")])
    runs = [line[-1] for line in wilcoxon_lines(table) if line.startswith("Run")]
    assert runs == ["A", "B", "A", "C", "B", "C"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, True),
        ({"subset": "TEST"}, True),
        ({"subset": "all"}, True),
        ({"subset": "val"}, False),
        ({"exclude": ["foo"]}, False),
        ({"exclude": ["fo"]}, True),
        ({"against": ["A"]}, True),
        ({"against": ["other"]}, False),
    ],
)
def test_options_choose_rows(options, found):
    assert bool(wilcoxon_lines(two_runs(), **options)) == found


@pytest.mark.parametrize(
    ("options", "end"),
    [
        # NormalCDF(2.022600): without the factor 1.25 and with 2.0
        ({"raw": True}, "2.023 0.978 BETTER"),
        ({"threshold": 0.2}, "2.023 0.947 BETTER"),
    ],
)
def test_options_move_the_label(options, end):
    assert wilcoxon_lines(two_runs(), **options)[3].endswith(end)
    skin = wilcoxon_lines(two_runs(structure="Skin"))[3]
    assert skin.endswith("2.023 0.844 ")


def test_subjects_without_a_series_are_paired_by_patient():
    assert " 5 " in wilcoxon_lines(two_runs())[3]


def test_subjects_are_paired_by_series_whatever_they_are_called():
    series = dict(zip(range(5), "abcde", strict=True))
    other = dict(zip(range(10, 15), "abcde", strict=True))
    table = pd.concat(
        [
            rows("A", constant(1.0), series=series),
            rows("B", constant(2.0, range(10, 15)), series=other),
        ]
    )
    assert wilcoxon_lines(table)[3].startswith("foo   5 ")


def test_the_last_row_of_a_subject_counts():
    table = pd.concat([two_runs(), rows("B", constant(0.0))])
    assert wilcoxon_lines(table)[3].startswith("foo   5   1.000   0.000    5    0")


def test_a_subject_without_a_dice_is_left_out():
    table = pd.concat([two_runs(), rows("A", {9: 1.0}), rows("B", {9: math.nan})])
    assert wilcoxon_lines(table)[3].startswith("foo   5   1.000   2.000")


def test_the_file_ends_with_a_line_end(tmp_path):
    path = tmp_path / "new" / "results.txt"
    write_wilcoxon_text(path, ["Run 1: A", ""])
    assert path.read_bytes() == b"Run 1: A\n\n"


def test_the_file_of_no_comparison_is_one_sentence_without_a_line_end(tmp_path):
    write_wilcoxon_text(tmp_path / "results.txt", [])
    assert (tmp_path / "results.txt").read_bytes() == NOTHING.encode()
