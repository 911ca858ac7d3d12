"""Which epoch of a cross-validation is compared, and why? A small file that later jobs read."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.io.files import atomic_write
from innereye.metrics.runs.pooled_epoch import pooled_reported_epoch
from innereye.metrics.val_quality import measure


def choose_epoch(val_metrics: Mapping[int, Sequence[Path]]) -> tuple[int, str]:
    """Return the epoch that is best on Val over all folds, and the reason in words.

    `val_metrics`: the Val `metrics.csv` of each fold, for each test epoch; no files where Val was not
    segmented, in which case the last epoch is taken.
    """
    epochs = sorted(val_metrics)
    listed = ", ".join(str(epoch) for epoch in epochs)
    if len(epochs) == 1:
        return epochs[0], "the only test epoch"
    if not all(val_metrics.values()):
        return epochs[-1], f"the last of the test epochs {listed}, as Val was not segmented"
    chosen = pooled_reported_epoch(val_metrics)
    words = measure([path for paths in val_metrics.values() for path in paths])
    return chosen, f"{words} on Val over all folds, of the test epochs {listed}"


def write_reported_epoch(path: Path, epoch: int, reason: str) -> None:
    """Write the epoch, counted from 1, and the reason for it."""
    with atomic_write(path) as temporary:
        content = json.dumps({"epoch": epoch, "reason": reason})
        temporary.write_text(content + "\n", encoding="utf-8")


def read_reported_epoch(path: Path) -> tuple[int, str]:
    """Return what `write_reported_epoch` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return int(content["epoch"]), str(content["reason"])
