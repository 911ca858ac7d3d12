"""Which numbers does a report show of a split? Statistics, outliers and worst subjects as text."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values, finite, texts_of, values_by_structure, values_of
from innereye.metrics.confidence import highest_of, mean_with_interval
from innereye.metrics.outliers import IS_OUTLIER, find_outliers
from innereye.metrics.rankings import describe_structures, worst_subjects
from innereye.names import (
    DICE,
    HAUSDORFF,
    HAUSDORFF_95,
    HIGH_IS_GOOD,
    MEAN_DISTANCE,
    METRIC_COLUMNS,
    PATIENT,
    STRUCTURE,
    SURFACE_DICE,
)

METRIC_TITLES = {
    DICE: "Dice",
    HAUSDORFF: "Hausdorff distance in mm",
    MEAN_DISTANCE: "Mean surface distance in mm",
    HAUSDORFF_95: "Hausdorff distance, 95th percentile, in mm",
    SURFACE_DICE: "Normalised surface Dice",
}
AVERAGE = "average of structures"
QUARTILES = ("min", "25%", "50%", "75%", "max")
STATISTICS_COLUMNS = (
    *("Structure", "n", "mean", "95 % CI", "std"),
    *("min", "25 %", "50 %", "75 %", "max", "infinite", "missing"),
)
NOTHING = "-"
INFINITE_NOTE = (
    "Infinite: the structure is in only one of truth and segmentation. Mean, interval and standard "
    "deviation leave infinite distances out, so they look better than the segmentation is; the "
    "quartiles count them."
)


@dataclass(frozen=True)
class TextTable:
    """A table as shown: its cells as text, how many first columns are words, rows that stand out."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    word_columns: int = 1
    marked: tuple[int, ...] = ()


def statistics_table(metrics: pd.DataFrame, metric: str) -> TextTable:
    """Return one row per structure, the best first, and their average where there are several.

    Mean, interval and standard deviation are those of the finite values; the quartiles and `n` count
    infinite ones too.
    """
    rows = _statistics(metrics, metric)
    if len(rows) > 1:
        averages = averages_of_subjects(metrics, metric)
        frame = pd.DataFrame({STRUCTURE: AVERAGE, metric: averages})
        rows += _statistics(frame, metric)
    return TextTable(STATISTICS_COLUMNS, rows)


def outlier_table(metrics: pd.DataFrame, *, outlier_range: float) -> TextTable:
    """Return the outliers of all metrics, each with the limit that it is beyond."""
    columns = [metric for metric in METRIC_TITLES if metric in metrics]
    found = find_outliers(metrics, outlier_range=outlier_range, columns=columns)
    rows = [
        (METRIC_TITLES[metric], subject, structure, _text(value, metric), _text(limit, metric))
        for metric, subject, structure, value, limit in zip(
            *(texts_of(found, name) for name in ("Metric", PATIENT, STRUCTURE)),
            *(values_of(found, name) for name in ("Value", "Limit")),
            strict=True,
        )
    ]
    return TextTable(("Metric", "Subject", "Structure", "Value", "Limit"), rows, word_columns=3)


def worst_table(
    metrics: pd.DataFrame, metric: str, *, outlier_range: float, max_rows: int
) -> TextTable:
    """Return the rows with the worst values of a metric, worst first; outliers stand out."""
    worst = worst_subjects(metrics, metric, outlier_range=outlier_range, max_rows=max_rows)
    numbers = [[_text(value, name) for value in values_of(worst, name)] for name in METRIC_COLUMNS]
    words = [texts_of(worst, name) for name in (PATIENT, STRUCTURE)]
    marks = texts_of(worst, IS_OUTLIER)
    columns = (
        "Subject",
        "Structure",
        *(METRIC_TITLES[name] for name in METRIC_COLUMNS),
        IS_OUTLIER,
    )
    return TextTable(
        columns,
        [*zip(*words, *numbers, marks, strict=True)],
        word_columns=2,
        marked=tuple(index for index, mark in enumerate(marks) if mark),
    )


def dice_in_words(metrics: pd.DataFrame) -> str:
    """Return such as `0.871 (0.850 to 0.892)`: mean over subjects of their mean over structures."""
    return str(mean_with_interval(averages_of_subjects(metrics, DICE), highest=1.0))


def averages_of_subjects(metrics: pd.DataFrame, metric: str) -> Values:
    """Return each subject's mean over its structures, missing values left out, NaN where all are."""
    return np.asarray(metrics.groupby(PATIENT)[metric].mean(), dtype=np.float64)


def has_infinite(metrics: pd.DataFrame, metric: str) -> bool:
    """Say whether a structure was found in only one of truth and segmentation."""
    return bool(np.isinf(values_of(metrics, metric)).any())


def _statistics(metrics: pd.DataFrame, metric: str) -> list[tuple[str, ...]]:
    values = values_by_structure(metrics, metric)
    described = describe_structures(metrics, metric)
    quartiles = zip(*(values_of(described, name) for name in QUARTILES), strict=True)
    return [
        _statistics_row(structure, values[structure], metric, five)
        for structure, five in zip(texts_of(described, STRUCTURE), quartiles, strict=True)
    ]


def _statistics_row(
    structure: str, values: Values, metric: str, quartiles: tuple[float, ...]
) -> tuple[str, ...]:
    mean = mean_with_interval(values, highest=highest_of(metric))
    used = finite(values)
    spread = float(used.std(ddof=1)) if used.size > 1 else math.nan
    interval = f"{_text(mean.ci_low, metric)} to {_text(mean.ci_high, metric)}"
    return (
        structure,
        str(mean.count + mean.count_infinite),
        _text(mean.mean, metric),
        interval if used.size > 1 else NOTHING,
        _text(spread, metric),
        *(_text(value, metric) for value in quartiles),
        str(mean.count_infinite),
        str(mean.count_missing),
    )


def _text(value: float, metric: str) -> str:
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞"
    return f"{value:.3f}" if metric in HIGH_IS_GOOD else f"{value:.2f}"
