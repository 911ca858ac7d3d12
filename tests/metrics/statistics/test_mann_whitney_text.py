"""The text of the Mann-Whitney tests: the original's layout to the letter."""

import math

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.statistics.mann_whitney_text import (
    comparison,
    mann_whitney_lines,
    write_mann_whitney_text,
)

NOTHING = "There were not enough data points for any statistically meaningful comparisons."
HEADER = (
    " ROC     Mann-Wht p     Normal p | I  N(I)     Mean(I)      Std(I) "
    "| I  N(J)     Mean(J)      Std(J) | Statistic"
)
LOW, HIGH = 70 + 0.7 * np.arange(12), 74 + 0.5 * np.arange(11)
BLADDER = (
    "0.2008   1.6356e-02   1.3546e-03 | 2    11     76.5000      1.6583 "
    "| 1    12     73.8500      2.5239 | bladder"
)


def table(groups, *, run="0", structure="bladder", mode="Test"):
    """Rows of one run and structure, from {institution: values of Dice}."""
    rows = [(name, value) for name, values in groups.items() for value in values]
    return pd.DataFrame(rows, columns=["institutionId", "Dice"]).assign(
        Structure=structure, split=run, mode=mode
    )


def test_the_conformance_case_to_the_letter():
    assert mann_whitney_lines(table({"site 1": LOW, "site 2": HIGH})) == [
        "For split 0:",
        "1: site 1",
        "2: site 2",
        "",
        HEADER,
        BLADDER,
        "",
    ]


def test_groups_below_ten_values_are_ignored():
    sizes = {"A": 10, "B": 5, "C": 20, "D": 25}
    lines = mann_whitney_lines(table({name: np.arange(size) for name, size in sizes.items()}))
    assert lines[1:5] == ["1: A", "2: C", "3: D", ""]
    assert len([line for line in lines if line.endswith("| bladder")]) == 3


def test_the_group_of_larger_values_comes_first():
    for pair in [((1, LOW), (2, HIGH)), ((2, HIGH), (1, LOW))]:
        assert comparison("bladder", *pair)[2] == BLADDER


def test_an_institution_is_listed_for_any_structure_but_compared_only_where_it_has_ten():
    both = [
        table({"A": LOW, "B": HIGH[:9], "C": HIGH}),
        table({"B": LOW, "C": LOW[:9]}, structure="rectum"),
    ]
    lines = mann_whitney_lines(pd.concat(both))
    assert lines[1:4] == ["1: A", "2: B", "3: C"]
    assert [line.split(" | ")[-1] for line in lines[6:-1]] == ["bladder"]
    assert [side.split()[0] for side in lines[6].split(" | ")[1:3]] == ["3", "1"]


def test_lines_come_by_p_and_runs_by_name():
    rows = [
        table({"A": LOW, "B": LOW + shift}, structure=name, run=run)
        for run, shifts in {"1": (0.5, 9.0), "0": (9.0, 0.5)}.items()
        for name, shift in zip("st", shifts, strict=True)
    ]
    lines = mann_whitney_lines(pd.concat(rows))
    assert [line for line in lines if line.startswith("For")] == ["For split 0:", "For split 1:"]
    assert [line[-1] for line in lines if "| " in line and line != HEADER] == ["s", "t", "t", "s"]


@pytest.mark.parametrize(
    "rows",
    [
        table({"A": LOW}),
        table({"A": LOW, "": HIGH}),
        table({"A": LOW, "B": HIGH}, mode="Val"),
        table({"A": np.full(10, 5.0), "B": np.full(10, 5.0)}),
        table({"A": LOW, "B": np.append(HIGH[:9], math.nan)}),
        pd.concat([table({"A": LOW}), table({"B": LOW}, run="1")]),
        pd.concat([table({"A": LOW}), table({"B": LOW}, structure="rectum")]),
    ],
    ids=["one", "unknown", "other mode", "all equal", "missing", "other run", "other structure"],
)
def test_nothing_to_compare(rows):
    assert mann_whitney_lines(rows) == []


@pytest.mark.parametrize("subset", ["test", "Test", "all"])
def test_the_subset_is_named_in_any_case(subset):
    assert len(mann_whitney_lines(table({"A": LOW, "B": HIGH}), subset=subset)) == 7


def test_the_order_of_rows_does_not_matter():
    rows = table({"A": LOW, "B": HIGH, "C": HIGH + 1})
    assert mann_whitney_lines(rows[::-1]) == mann_whitney_lines(rows)


@pytest.mark.parametrize(("lines", "text"), [(["a", ""], "a\n\n"), ([], NOTHING)])
def test_the_file(lines, text, tmp_path):
    write_mann_whitney_text(tmp_path / "m.txt", lines)
    assert (tmp_path / "m.txt").read_bytes() == text.encode()
