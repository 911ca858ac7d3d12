"""Which subjects are worst, and which structures best? Tables of the report."""

import math

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values, texts_of, values_by_structure, values_of
from innereye.metrics.outliers import mark_outliers
from innereye.names import HIGH_IS_GOOD, PATIENT, STRUCTURE

DESCRIPTION_COLUMNS = ("25%", "50%", "75%", "count", "max", "mean", "min", "std")
# Stands for infinity between the steps of a quantile, where inf - inf would be NaN.
HUGE = 1e300


def worst_subjects(
    metrics: pd.DataFrame, metric: str, *, outlier_range: float, max_rows: int
) -> pd.DataFrame:
    """Return the rows with the worst values of a metric, worst first, marked by `mark_outliers`.

    Rows without a value are left out; infinite distances come first.
    """
    marked = mark_outliers(metrics, metric, outlier_range=outlier_range)
    values = values_of(metrics, metric)
    badness = values if metric in HIGH_IS_GOOD else -values
    subjects, structures = texts_of(metrics, PATIENT), texts_of(metrics, STRUCTURE)
    present = [index for index in range(len(values)) if not math.isnan(values[index])]
    order = sorted(present, key=lambda index: (badness[index], subjects[index], structures[index]))
    return marked.iloc[order[:max_rows]].reset_index(drop=True)


def describe_structures(
    metrics: pd.DataFrame, metric: str, *, ascending: bool | None = None
) -> pd.DataFrame:
    """Return quartiles, count, extremes, mean and std (n-1) of a metric, one row per structure.

    Ordered by the mean: by default the best structure first, structures without a value last.
    Missing values are left out; with an infinite one the mean is infinite and there is no std.
    """
    if ascending is None:
        ascending = metric not in HIGH_IS_GOOD
    rows = [
        {STRUCTURE: structure, **_description(values[~np.isnan(values)])}
        for structure, values in values_by_structure(metrics, metric).items()
    ]
    table = pd.DataFrame(rows, columns=[STRUCTURE, *DESCRIPTION_COLUMNS])
    return table.sort_values("mean", ascending=ascending, kind="stable", ignore_index=True)


def _description(values: Values) -> dict[str, float]:
    if not len(values):
        return dict.fromkeys(DESCRIPTION_COLUMNS, math.nan) | {"count": 0.0}
    quartiles = np.quantile(np.clip(values, -HUGE, HUGE), (0.25, 0.5, 0.75))
    # Whatever was interpolated towards infinity is infinite.
    low, middle, high = np.where(quartiles > HUGE / 1e6, math.inf, quartiles)
    has_spread = len(values) > 1 and bool(np.isfinite(values).all())
    return {
        "25%": float(low),
        "50%": float(middle),
        "75%": float(high),
        "count": float(len(values)),
        "max": float(np.max(values)),
        "mean": float(np.mean(values)),
        "min": float(np.min(values)),
        "std": float(np.std(values, ddof=1)) if has_spread else math.nan,
    }
