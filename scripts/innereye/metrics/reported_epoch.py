"""Which of a run's test epochs do reports use? The best on Val."""

import math
from collections.abc import Mapping
from pathlib import Path

from innereye.metrics.aggregates import mean_dice
from innereye.metrics.metrics_csv import read_metrics

# Means of the same numbers in another order may differ in their last bits.
DECIMALS_COMPARED = 9


def reported_epoch(val_metrics: Mapping[int, Path | None]) -> int:
    """Return the epoch with the best mean over Val subjects of their mean Dice over structures.

    `val_metrics`: the Val `metrics.csv` of each test epoch; None where Val was not scored. Ties go
    to the later epoch. When an epoch has no Val scores, the last epoch is reported.

    Raises:
        ValueError: no epoch is given.
        InnerEyeError: a file is missing or is not a table of metrics.
    """
    if not val_metrics:
        raise ValueError("reported_epoch needs at least one test epoch")
    quality: dict[int, float] = {}
    for epoch, path in val_metrics.items():
        quality[epoch] = mean_dice(read_metrics(path)) if path is not None else math.nan
    if any(math.isnan(value) for value in quality.values()):
        return max(quality)
    return max(quality, key=lambda epoch: (round(quality[epoch], DECIMALS_COMPARED), epoch))
