"""How sure is a ROC or PR curve? Bands around it, over subjects or over folds."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values
from innereye.metrics.scalar.known_rows import Numbers, known_rows
from innereye.metrics.scalar.operating_points import (
    Curve,
    OperatingPoints,
    operating_points,
    pr_curve,
    roc_curve,
)
from innereye.metrics.scalar.resampling import (
    RESAMPLES,
    SEED,
    percentile_interval,
    resampled_rows,
)

CurveKind = Callable[[OperatingPoints], Curve]
ROC: CurveKind = roc_curve
PR: CurveKind = pr_curve

GRID = np.linspace(0, 1, 101)
# The original's band over folds, 40 % to both sides of the median.
FOLD_BAND = (0.1, 0.9)


def heights(curve: Curve) -> Values:
    """Return the heights of a curve over 101 even places from 0 to 1; NaN without a curve.

    Between points a curve is straight.
    """
    if not curve.x.size:
        return np.full(GRID.size, np.nan)
    return np.interp(GRID, curve.x, curve.y)


def subject_band(
    labels: Numbers,
    outputs: Numbers,
    subjects: Sequence[str],
    *,
    kind: CurveKind,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return `x`, `low`, `high`: the pointwise 95 % band of a curve, by a bootstrap over subjects.

    `labels`, `outputs` and `subjects`: (N,). At each x the band is a percentile interval of the
    curve's height; the curve as a whole leaves it more often than in 1 of 20 cases. NaN where there
    are too few subjects of a class.
    """
    known_rows(labels, outputs)  # for its check of shapes
    truth, found = np.asarray(labels, np.float64), np.asarray(outputs, np.float64)
    drawn = [
        heights(kind(operating_points(truth[rows], found[rows])))
        for rows in resampled_rows(subjects, resamples=resamples, seed=seed)
    ]
    intervals = [percentile_interval(column) for column in np.array(drawn).T]
    low, high = [found.low for found in intervals], [found.high for found in intervals]
    return pd.DataFrame({"x": GRID, "low": low, "high": high})


def fold_band(curves: Sequence[Curve]) -> pd.DataFrame:
    """Return `x`, `median`, `low`, `high` over the curves of the folds; low and high hold 80 %.

    Folds without a curve, those with one class, are left out; NaN where no fold has one.
    """
    drawn = [heights(curve) for curve in curves if curve.x.size]
    if not drawn:
        low = middle = high = np.full(GRID.size, np.nan)
    else:
        low, middle, high = np.quantile(drawn, (FOLD_BAND[0], 0.5, FOLD_BAND[1]), axis=0)
    return pd.DataFrame({"x": GRID, "median": middle, "low": low, "high": high})
