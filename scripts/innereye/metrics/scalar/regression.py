"""How good is a regression? Errors and explained variance of one target."""

import math
from dataclasses import dataclass

import numpy as np

from innereye.metrics.columns import Values
from innereye.metrics.scalar.known_rows import Numbers, known_rows

# Columns of metrics_aggregates.csv; R2 stands among the confidence intervals.
REGRESSION_METRICS = (
    "mean_absolute_error",
    "mean_squared_error",
    "explained_variance",
    "subject_count",
)


@dataclass(frozen=True)
class RegressionMetrics:
    """Metrics of one target, in the unit of the label or its square; NaN where there is none.

    `explained_variance`: 1 - var(label - output) / var(label), which a constant offset leaves as it
    is; `r2`: 1 - mean squared error / var(label). Labels without variance have neither.
    """

    mean_absolute_error: float
    mean_squared_error: float
    explained_variance: float
    r2: float
    subject_count: int


def regression_metrics(labels: Numbers, outputs: Numbers) -> RegressionMetrics:
    """Return the metrics of labels (NaN for unknown) and outputs, (N,) each.

    All but the count are NaN without any row with a label, and where an output is NaN.
    """
    truth, found = known_rows(labels, outputs)
    if not truth.size:
        return RegressionMetrics(math.nan, math.nan, math.nan, math.nan, 0)
    with np.errstate(over="ignore", invalid="ignore"):
        error = truth - found
        squared = float(np.mean(error**2))
        return RegressionMetrics(
            mean_absolute_error=float(np.mean(np.abs(error))),
            mean_squared_error=squared,
            explained_variance=_explained(float(np.var(error)), truth),
            r2=_explained(squared, truth),
            subject_count=int(truth.size),
        )


def _explained(unexplained: float, truth: Values) -> float:
    # The range, not the variance: rounding may give equal labels a variance.
    if float(np.ptp(truth)) == 0:
        return math.nan
    variance = float(np.var(truth))
    return 1 - unexplained / variance if variance > 0 else math.nan
