"""How sure is the mean of a score? 95 % confidence intervals per structure and metric."""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np
import pandas as pd
from scipy import stats

from innereye.metrics.columns import Values, finite, values_by_structure
from innereye.names import HIGH_IS_GOOD, METRIC_COLUMNS, STRUCTURE

CONFIDENCE = 0.95


@dataclass(frozen=True)
class MeanWithInterval:
    """Mean of the finite values and its t-interval; how many values were infinite or missing."""

    count: int
    mean: float
    ci_low: float
    ci_high: float
    count_infinite: int
    count_missing: int

    def __str__(self) -> str:
        """Return `0.871 (0.850 to 0.892)`, never without the values that the mean leaves out."""
        counted = self.count + self.count_infinite
        if counted == 0:
            return "no value"
        text = f"{self.mean:.3f}" if self.count else "no finite value"
        if math.isfinite(self.ci_low):
            text += f" ({self.ci_low:.3f} to {self.ci_high:.3f})"
        if self.count_infinite:
            text += f", {self.count_infinite} of {counted} infinite"
        return text


def mean_with_interval(values: Values | Sequence[float], *, highest: float) -> MeanWithInterval:
    """Return the mean and its 95 % interval, Student's t with n-1 degrees of freedom.

    A structure that was missed altogether has infinite distances, and no mean can hold them: mean
    and interval are over the finite values, `count` of them, and `count_infinite` says how many are
    not in it. Dice and surface Dice count a missed structure as 0. Fewer than two finite values
    have no interval. Scores lie between 0 and `highest`, where the interval is cut.
    """
    numbers = np.asarray(values, dtype=np.float64)
    used = finite(numbers)
    mean = float(used.mean()) if used.size else math.nan
    reach = math.nan
    if used.size > 1:
        error = float(used.std(ddof=1)) / math.sqrt(used.size)
        reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, used.size - 1)) * error
    return MeanWithInterval(
        count=int(used.size),
        mean=mean,
        ci_low=max(mean - reach, 0.0) if used.size > 1 else math.nan,
        ci_high=min(mean + reach, highest) if used.size > 1 else math.nan,
        count_infinite=int(np.isinf(numbers).sum()),
        count_missing=int(np.isnan(numbers).sum()),
    )


def highest_of(metric: str) -> float:
    """Return the highest value that a metric can have: 1 for Dice, infinity for distances."""
    return 1.0 if metric in HIGH_IS_GOOD else math.inf


def confidence_table(
    metrics: pd.DataFrame, *, columns: Sequence[str] = METRIC_COLUMNS
) -> pd.DataFrame:
    """Return Metric, Structure and the fields of MeanWithInterval, one row for each pair."""
    rows = [
        (metric, structure, *astuple(mean_with_interval(values, highest=highest_of(metric))))
        for metric in columns
        for structure, values in values_by_structure(metrics, metric).items()
    ]
    names = [field.name for field in fields(MeanWithInterval)]
    return pd.DataFrame(rows, columns=["Metric", STRUCTURE, *names])
