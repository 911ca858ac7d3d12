"""Which of a run's test epochs do reports use? The best on Val."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.metrics.val_quality import OF_DICE, measure, quality
from innereye.names import METRICS_CSV, Split, epoch_folder

# Means of the same numbers in another order may differ in their last bits.
DECIMALS_COMPARED = 9


def reported_epoch(val_metrics: Mapping[int, Path | None]) -> int:
    """Return the epoch with the best `quality` on Val: mean over subjects of their Dice, or error.

    `val_metrics`: the Val `metrics.csv` of each test epoch; None where Val was not scored. Ties go
    to the later epoch. When an epoch has no Val scores, the last epoch is reported.

    Raises:
        ValueError: no epoch is given.
        InnerEyeError: a file is missing or is not a table of metrics.
    """
    if not val_metrics:
        raise ValueError("reported_epoch needs at least one test epoch")
    found = {
        epoch: math.nan if path is None else quality([path]) for epoch, path in val_metrics.items()
    }
    return best_epoch(found)


def best_epoch(found: Mapping[int, float]) -> int:
    """Return the epoch of the best quality, the later of equals; the last where an epoch has none."""
    if any(math.isnan(value) for value in found.values()):
        return max(found)
    return max(found, key=lambda epoch: (round(found[epoch], DECIMALS_COMPARED), epoch))


def choose_epoch(run_folder: Path, epochs: Sequence[int], *, has_val: bool) -> tuple[int, str]:
    """Return the reported epoch and the reason in words."""
    if len(epochs) == 1:
        return epochs[0], "the only test epoch"
    if not has_val:
        return max(epochs), "the last test epoch, as Val was not segmented"
    files = {epoch: run_folder / epoch_folder(epoch) / Split.VAL / METRICS_CSV for epoch in epochs}
    listed = ", ".join(str(epoch) for epoch in epochs)
    if any(math.isnan(quality([path])) for path in files.values()):
        lack = "Dice" if measure([*files.values()]) == OF_DICE else "label"
        return max(epochs), f"the last of the test epochs {listed}; not all have a {lack} on Val"
    words = measure([*files.values()])
    return reported_epoch(files), f"{words} on Val of the test epochs {listed}"
