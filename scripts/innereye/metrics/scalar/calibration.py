"""Does a posterior of 0.8 come true in 8 of 10? Reliability, expected calibration error, Brier."""

import math

import numpy as np
import pandas as pd

from innereye.metrics.scalar.interval import wilson
from innereye.metrics.scalar.known_rows import Numbers, known_rows

# As many as in Guo et al. (2017), and in the original's diagram.
BINS = 15
RELIABILITY_COLUMNS = (
    *("bin_low", "bin_high", "count", "mean_output"),
    *("observed_rate", "observed_low", "observed_high"),
)


def brier_score(labels: Numbers, outputs: Numbers) -> float:
    """Return the mean squared distance of posteriors and labels, (N,) each (Brier 1950).

    Rows without a label are left out; NaN without any row, and where an output is NaN.
    """
    truth, found = known_rows(labels, outputs)
    return float(np.mean((found - truth) ** 2)) if truth.size else math.nan


def reliability_table(labels: Numbers, outputs: Numbers, *, bins: int = BINS) -> pd.DataFrame:
    """Return one row for each of `bins` equal parts of [0, 1], the higher end included.

    `labels` and posteriors `outputs`: (N,). `observed_rate` is the part of positives in the bin,
    between the ends of its 95 % interval (Wilson); NaN in a bin without rows. Rows without a label,
    and outputs that are NaN, are in no bin.
    """
    truth, found = known_rows(labels, outputs)
    has_output = ~np.isnan(found)
    truth, found = truth[has_output], found[has_output]
    edges = np.linspace(0, 1, bins + 1)
    place = np.digitize(found, edges[1:-1], right=True)
    rows = []
    for number in range(bins):
        in_bin = place == number
        count = int(in_bin.sum())
        positives = int(np.sum(truth[in_bin] > 0.5))
        reach = wilson(positives, count)
        mean_output = float(found[in_bin].mean()) if count else math.nan
        rate = positives / count if count else math.nan
        ends = float(edges[number]), float(edges[number + 1])
        rows.append((*ends, count, mean_output, rate, reach.low, reach.high))
    return pd.DataFrame(rows, columns=list(RELIABILITY_COLUMNS))


def expected_calibration_error(labels: Numbers, outputs: Numbers, *, bins: int = BINS) -> float:
    """Return the mean over rows of how far their bin's mean posterior is from its part of positives.

    Naeini et al. (2015), on the posterior of the positive class. NaN without any row, and where an
    output is NaN.
    """
    truth, found = known_rows(labels, outputs)
    if not truth.size:
        return math.nan
    place = np.digitize(found, np.linspace(0, 1, bins + 1)[1:-1], right=True)
    # A bin's count cancels: what is left are sums of outputs and of positives.
    surplus = np.bincount(place, weights=found - (truth > 0.5), minlength=bins)
    return float(np.abs(surplus).sum() / truth.size)
