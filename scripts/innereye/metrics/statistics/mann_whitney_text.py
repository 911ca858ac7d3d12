"""In which institutions is a run better? The text of the Mann-Whitney tests, as it always was."""

import math
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pandas as pd

from innereye.io.files import atomic_write
from innereye.metrics.columns import Values
from innereye.metrics.statistics.institutions import scores_by_institution
from innereye.metrics.statistics.mann_whitney import (
    mann_whitney_p,
    normal_p,
    roc_value,
    sample_of,
)
from innereye.metrics.statistics.wilcoxon_text import NOTHING_TO_COMPARE
from innereye.names import DICE

HEADER = (
    " ROC     Mann-Wht p     Normal p | I  N(I)     Mean(I)      Std(I)"
    " | I  N(J)     Mean(J)      Std(J) | Statistic"
)

# A number of the list of institutions, and the values of the institution.
Group = tuple[int, Values]


def mann_whitney_lines(table: pd.DataFrame, *, subset: str = "test") -> list[str]:
    """Return the lines of the tests of Dice between institutions, run by run.

    `table` is the runs table, `subset` a mode in any case, or `all`. Compared
    are institutions with at least ten values for a structure; a run without any pair has no line.
    """
    lines = []
    for run, structures in scores_by_institution(table, DICE, subset=subset).items():
        institutions = sorted({name for groups in structures.values() for name in groups})
        compared = [
            comparison
            for structure, groups in structures.items()
            for comparison in _comparisons(structure, groups, institutions)
        ]
        if compared:
            names = [f"{number}: {name}" for number, name in enumerate(institutions, start=1)]
            lines += [f"For split {run}:", *names, "", HEADER]
            lines += [line for *_, line in sorted(compared)] + [""]
    return lines


def comparison(structure: str, first: Group, second: Group) -> tuple[float, float, str]:
    """Return both p values and the line of two groups, each a number and its values.

    The group of the larger values stands first; the printed ROC value is therefore 0.5 or less.
    """
    roc = roc_value(first[1], second[1])
    if roc > 0.5:
        first, second, roc = second, first, 1 - roc
    samples = [sample_of(values) for _, values in (first, second)]
    by_ranks, by_means = mann_whitney_p(first[1], second[1]), normal_p(*samples)
    sides = [
        f"{number:d} {sample.count:5d} {sample.mean:11.4f} {sample.std:11.4f}"
        for (number, _), sample in zip((first, second), samples, strict=True)
    ]
    numbers = f"{roc:6.4f} {by_ranks:12.4e} {by_means:12.4e}"
    return by_ranks, by_means, " | ".join([numbers, *sides, structure])


def write_mann_whitney_text(path: Path, lines: Iterable[str]) -> None:
    """Write the lines, or the one sentence that says that there was nothing to compare."""
    text = "".join(f"{line}\n" for line in lines) or NOTHING_TO_COMPARE
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _comparisons(
    structure: str, groups: dict[str, Values], institutions: list[str]
) -> list[tuple[float, float, str]]:
    """Return the comparisons of a structure; where all values are the same there is none."""
    numbered = [(institutions.index(name) + 1, values) for name, values in groups.items()]
    compared = [comparison(structure, *pair) for pair in combinations(numbered, 2)]
    return [found for found in compared if not math.isnan(found[0])]
