"""Which scores stand out as bad? Outliers of each structure and metric."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from innereye.metrics.columns import Values, finite, texts_of, values_by_structure, values_of
from innereye.metrics.metrics_csv import write_metrics
from innereye.names import HIGH_IS_GOOD, METRIC_COLUMNS, PATIENT, STRUCTURE

IS_OUTLIER = "is_outlier"
OUTLIER_COLUMNS = ("Metric", PATIENT, STRUCTURE, "Value", "Mean", "Std", "Limit")


def bad_limit(values: Values, *, outlier_range: float, high_is_good: bool) -> float:
    """Return the limit beyond which values are outliers: mean -/+ outlier_range * std (n-1).

    Only finite values count; with fewer than two there is no spread, and the limit is NaN.
    """
    reach = outlier_range * _std(values)
    return _mean(values) + (-reach if high_is_good else reach)


def is_outlier(
    metrics: pd.DataFrame, metric: str, *, outlier_range: float
) -> npt.NDArray[np.bool_]:
    """Return, row by row, whether a metric lies strictly beyond the limit of the row's structure.

    Bad is low for Dice and high for distances. Infinitely bad is always an outlier; NaN never is.
    """
    high_is_good = metric in HIGH_IS_GOOD
    limit_of = {
        structure: bad_limit(values, outlier_range=outlier_range, high_is_good=high_is_good)
        for structure, values in values_by_structure(metrics, metric).items()
    }
    limits = np.array([limit_of[name] for name in texts_of(metrics, STRUCTURE)], dtype=np.float64)
    values = values_of(metrics, metric)
    if high_is_good:
        return (values < limits) | np.isneginf(values)
    return (values > limits) | np.isposinf(values)


def find_outliers(
    metrics: pd.DataFrame, *, outlier_range: float, columns: Sequence[str] = METRIC_COLUMNS
) -> pd.DataFrame:
    """Return all outliers with the mean, standard deviation and limit of their structure.

    One row per metric, subject and structure; in the order of the metrics, then by structure, worst
    first, ties in text order of the subjects. Empty where nothing stands out.
    """
    rows: list[tuple[str | float, ...]] = []
    for metric in columns:
        high_is_good = metric in HIGH_IS_GOOD
        values_of_structure = values_by_structure(metrics, metric)
        found = sorted(
            (structure, value if high_is_good else -value, subject, value)
            for structure, subject, value, is_bad in zip(
                texts_of(metrics, STRUCTURE),
                texts_of(metrics, PATIENT),
                values_of(metrics, metric),
                is_outlier(metrics, metric, outlier_range=outlier_range),
                strict=True,
            )
            if is_bad
        )
        for structure, _, subject, value in found:
            peers = values_of_structure[structure]
            limit = bad_limit(peers, outlier_range=outlier_range, high_is_good=high_is_good)
            rows.append((metric, subject, structure, value, _mean(peers), _std(peers), limit))
    return pd.DataFrame(rows, columns=list(OUTLIER_COLUMNS))


def write_outliers(path: Path, outliers: pd.DataFrame) -> None:
    """Write the table of `find_outliers`, numbers with three decimals; the header alone if none."""
    write_metrics(path, outliers)


def mark_outliers(metrics: pd.DataFrame, metric: str, *, outlier_range: float) -> pd.DataFrame:
    """Return the table with a column `is_outlier`: `Yes`, or empty."""
    marks = is_outlier(metrics, metric, outlier_range=outlier_range)
    return metrics.assign(**{IS_OUTLIER: np.where(marks, "Yes", "")})


def _mean(values: Values) -> float:
    numbers = finite(values)
    return float(np.mean(numbers)) if len(numbers) else math.nan


def _std(values: Values) -> float:
    numbers = finite(values)
    return float(np.std(numbers, ddof=1)) if len(numbers) > 1 else math.nan
