"""Which test epoch of a cross-validation do all its folds report? The best on Val of all folds."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.metrics.reported_epoch import best_epoch
from innereye.metrics.val_quality import quality


def pooled_reported_epoch(val_metrics: Mapping[int, Sequence[Path | None]]) -> int:
    """Return the epoch with the best mean over the Val subjects of all folds, as `reported_epoch`.

    `val_metrics`: for each test epoch the Val `metrics.csv` of each fold; None where Val was not
    scored. Every subject counts the same, in however large a fold it is. Ties go to the later
    epoch. When an epoch lacks the scores of a fold, or has no score at all, the last epoch is
    reported. A fold may have an empty table.

    Raises:
        ValueError: no epoch is given.
        InnerEyeError: a file is missing or is not a table of metrics.
    """
    if not val_metrics:
        raise ValueError("pooled_reported_epoch needs at least one test epoch")
    return best_epoch({epoch: _pooled(paths) for epoch, paths in val_metrics.items()})


def _pooled(paths: Sequence[Path | None]) -> float:
    """Return the quality over the subjects of all folds; NaN when a fold was not scored."""
    given = [path for path in paths if path is not None]
    return quality(given) if len(given) == len(paths) else math.nan
