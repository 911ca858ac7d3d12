"""Which of a run's test epochs do reports use? The best on Val."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.metrics.aggregates import mean_dice
from innereye.metrics.metrics_csv import read_metrics
from innereye.names import METRICS_CSV, Split, epoch_folder

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


def choose_epoch(run_folder: Path, epochs: Sequence[int], *, has_val: bool) -> tuple[int, str]:
    """Return the reported epoch and the reason in words."""
    if len(epochs) == 1:
        return epochs[0], "the only test epoch"
    if not has_val:
        return max(epochs), "the last test epoch, as Val was not segmented"
    files = {epoch: run_folder / epoch_folder(epoch) / Split.VAL / METRICS_CSV for epoch in epochs}
    listed = ", ".join(str(epoch) for epoch in epochs)
    if any(mean_dice_of(path) is None for path in files.values()):
        return max(epochs), f"the last of the test epochs {listed}; not all have a Dice on Val"
    return reported_epoch(files), f"the best mean Dice on Val of the test epochs {listed}"


def mean_dice_of(path: Path) -> float | None:
    """Return the mean Dice of a split, or None where no subject has one."""
    mean = mean_dice(read_metrics(path))
    return None if math.isnan(mean) else mean
