"""Which scores stand out as bad among all runs together? `Test_outliers.txt` and its like."""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from innereye.io.files import atomic_write
from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.outliers import is_outlier
from innereye.metrics.runs.portal_query import portal_query
from innereye.metrics.statistics.scored_rows import rows_of_subset
from innereye.names import (
    DICE,
    HAUSDORFF,
    INSTITUTION,
    PATIENT,
    SERIES,
    STRUCTURE,
    natural_key,
)

METRICS = (DICE, HAUSDORFF)
STATISTICS = ("count", "mean", "min", "max")
MOST_DECIMALS = 6


def outliers_text(table: pd.DataFrame, mode: str, *, outlier_range: float = 3.0) -> str:
    """Return the outliers of a mode of the runs table, of Dice and of Hausdorff distance.

    An outlier lies further than `outlier_range` standard deviations (n-1) on the bad side of the
    mean over all runs and structures of the mode; an infinite distance is always one and enters
    neither. One line per subject and structure: in how many runs it is an outlier, and mean,
    minimum and maximum of these. At the end a query finds the subjects in the archive of the scans.
    """
    rows = rows_of_subset(table, mode)
    if rows.empty:
        return f"No run has scores on {mode}, so there are no outliers to list.\n"
    ids = [name for name in (SERIES, INSTITUTION) if name in rows and any(texts_of(rows, name))]
    found = {
        metric: rows.loc[_is_outlier_of_all(rows, metric, outlier_range=outlier_range)]
        for metric in METRICS
        if metric in rows
    }
    sections = [
        f"\n\n=== METRIC: {metric} ===\n\n{_section(outliers, metric, [PATIENT, STRUCTURE, *ids])}"
        for metric, outliers in found.items()
    ]
    query = portal_query(pd.concat(list(found.values())))
    return "".join([*sections, f"\n\n{query}" if query else "", "\n"])


def write_outliers_text(path: Path, text: str) -> None:
    """Write the text of `outliers_text`."""
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _is_outlier_of_all(
    rows: pd.DataFrame, metric: str, *, outlier_range: float
) -> npt.NDArray[np.bool_]:
    """Return, row by row, whether a value is an outlier among those of all structures together."""
    return is_outlier(rows.assign(**{STRUCTURE: ""}), metric, outlier_range=outlier_range)


def _section(outliers: pd.DataFrame, metric: str, ids: Sequence[str]) -> str:
    """Return the lines of a metric's outliers: most often found first, then by their values."""
    if outliers.empty:
        return "No outliers found"
    values_of_subject: defaultdict[tuple[str, ...], list[float]] = defaultdict(list)
    subjects = zip(*(texts_of(outliers, column) for column in ids), strict=True)
    for subject, value in zip(subjects, values_of(outliers, metric).tolist(), strict=True):
        values_of_subject[subject].append(value)
    statistics = {
        subject: (len(values), math.fsum(values) / len(values), min(values), max(values))
        for subject, values in values_of_subject.items()
    }
    in_order = sorted(statistics, key=lambda subject: (natural_key(subject[0]), subject))
    in_order.sort(key=lambda subject: statistics[subject], reverse=True)
    return _layout(ids, in_order, [statistics[subject] for subject in in_order])


def _layout(
    ids: Sequence[str], subjects: Sequence[tuple[str, ...]], numbers: Sequence[tuple[float, ...]]
) -> str:
    """Return the text: a line of statistics' names, one of ids' names, one for each subject.

    Ids are left-justified; leading ones that repeat the line above are blank. Numbers are right-
    justified.
    """
    columns = [
        [name, "", *_as_texts(values)]
        for name, values in zip(STATISTICS, zip(*numbers, strict=True), strict=True)
    ]
    columns = [[text.rjust(max(map(len, column))) for text in column] for column in columns]
    table = [("",) * len(ids), tuple(ids), *_without_repetition(subjects)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join([" ".join(map(str.ljust, row, widths)), *cells]).rstrip()
        for row, cells in zip(table, zip(*columns, strict=True), strict=True)
    ]
    return "\n".join(lines)


def _without_repetition(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    shortened = list(rows[:1])
    for above, row in pairwise(rows):
        repeated = next(index for index in range(len(row)) if row[index] != above[index])
        shortened.append(("",) * repeated + row[repeated:])
    return shortened


def _as_texts(values: Sequence[float]) -> list[str]:
    """Return numbers with as many decimals as one of them needs: at least one, at most six."""
    decimals = [f"{value:.{MOST_DECIMALS}f}".partition(".")[2].rstrip("0") for value in values]
    needed = max(1, *map(len, decimals))
    return [f"{value:.{needed}f}" for value in values]
