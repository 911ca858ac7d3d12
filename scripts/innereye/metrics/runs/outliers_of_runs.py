"""Which subjects stand out as bad, and in how many of the runs? Outliers within each structure."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from innereye.metrics.columns import texts_of, values_by_structure, values_of
from innereye.metrics.outliers import bad_limit, is_outlier
from innereye.metrics.statistics.scored_rows import rows_of_subset
from innereye.metrics.tidy_csv import write_tidy
from innereye.names import (
    HIGH_IS_GOOD,
    INSTITUTION,
    METRIC_COLUMNS,
    PATIENT,
    RUN_OF_ROW,
    SERIES,
    STRUCTURE,
    natural_key,
)

OUTLIERS_OF_RUNS_COLUMNS = (
    "Metric",
    STRUCTURE,
    PATIENT,
    "OutlierInRuns",
    "ScoredByRuns",
    "Mean",
    "Min",
    "Max",
    "Limit",
    SERIES,
    INSTITUTION,
)


def outliers_of_runs(table: pd.DataFrame, mode: str, *, outlier_range: float = 3.0) -> pd.DataFrame:
    """Return the subjects that are outliers in at least one run, for each metric and structure.

    The limit is that of `outliers.bad_limit` for all runs' values of the structure in this mode of
    the runs table; an infinite distance is always an outlier. A subject is one series in all runs,
    or one Patient where there is no seriesId. Mean, Min and Max are those of the outliers among its
    values, and ScoredByRuns counts the runs that gave it a value. The most often found come first,
    then the worst mean, then the subjects in order.
    """
    rows = rows_of_subset(table, mode)
    found = [
        row
        for metric in METRIC_COLUMNS
        for row in _outliers_of_metric(rows, metric, outlier_range=outlier_range)
    ]
    return pd.DataFrame(found, columns=list(OUTLIERS_OF_RUNS_COLUMNS))


def write_outliers_of_runs(path: Path, frame: pd.DataFrame) -> None:
    """Write the table of `outliers_of_runs`, six significant digits; the header alone if none."""
    write_tidy(path, frame)


@dataclass(frozen=True)
class _Score:
    run: str
    value: float
    is_bad: bool
    patient: str
    series: str
    institution: str


def _outliers_of_metric(
    rows: pd.DataFrame, metric: str, *, outlier_range: float
) -> list[tuple[str | int | float, ...]]:
    """Return the lines of one metric, in order."""
    high_is_good = metric in HIGH_IS_GOOD
    limits = {
        structure: bad_limit(values, outlier_range=outlier_range, high_is_good=high_is_good)
        for structure, values in values_by_structure(rows, metric).items()
    }
    lines = []
    for structure, scores in _scores_of_subjects(rows, metric, outlier_range=outlier_range):
        bad = [score for score in scores if score.is_bad]
        if not bad:
            continue
        values = [score.value for score in bad]
        mean = math.fsum(values) / len(values)
        in_runs, of_runs = len({score.run for score in bad}), len({score.run for score in scores})
        first = scores[0]
        worst_first = (structure, -in_runs, mean if high_is_good else -mean)
        in_order = (*worst_first, natural_key(first.patient), first.patient, first.series)
        statistics = (in_runs, of_runs, mean, min(values), max(values), limits[structure])
        ids = (first.series, first.institution)
        lines.append((in_order, (metric, structure, first.patient, *statistics, *ids)))
    return [line for _, line in sorted(lines)]


def _scores_of_subjects(
    rows: pd.DataFrame, metric: str, *, outlier_range: float
) -> Iterator[tuple[str, list[_Score]]]:
    """Give the structure and the scores, by any run, of each subject; missing ones are left out."""
    scores_of: defaultdict[tuple[str, str], list[_Score]] = defaultdict(list)
    scores = map(
        _Score,
        texts_of(rows, RUN_OF_ROW),
        values_of(rows, metric).tolist(),
        is_outlier(rows, metric, outlier_range=outlier_range).tolist(),
        texts_of(rows, PATIENT),
        texts_of(rows, SERIES),
        texts_of(rows, INSTITUTION),
    )
    for structure, score in zip(texts_of(rows, STRUCTURE), scores, strict=True):
        if not math.isnan(score.value):
            scores_of[structure, score.series or score.patient].append(score)
    for (structure, _), of_subject in scores_of.items():
        yield structure, of_subject
