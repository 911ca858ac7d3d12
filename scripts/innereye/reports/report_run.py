"""Which epoch of a run is reported, and why?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.configs.stages.report import ReportSettings
from innereye.metrics.reported_epoch import reported_epoch
from innereye.names import METRICS_CSV, Split, epoch_folder
from innereye.reports.report import write_report


def report_run(
    *,
    run_folder: Path,
    epochs: Sequence[int],
    splits: Sequence[Split],
    settings: ReportSettings,
    facts: Mapping[str, str],
    notebook: Path,
    html: Path,
) -> None:
    """Report the best epoch on Val when all epochs have Val scores, else the last epoch."""
    epoch, reason = choose_epoch(run_folder, epochs, has_val=Split.VAL in splits)
    write_report(
        run_folder=run_folder,
        epoch=epoch,
        reason=reason,
        splits=splits,
        settings=settings,
        facts=facts,
        notebook=notebook,
        html=html,
    )


def choose_epoch(run_folder: Path, epochs: Sequence[int], *, has_val: bool) -> tuple[int, str]:
    """Return the reported epoch and the reason in words."""
    if len(epochs) == 1:
        return epochs[0], "the only test epoch"
    if not has_val:
        return max(epochs), "the last test epoch, as Val was not segmented"
    files: dict[int, Path | None] = {
        epoch: run_folder / epoch_folder(epoch) / Split.VAL / METRICS_CSV for epoch in epochs
    }
    listed = ", ".join(str(epoch) for epoch in epochs)
    return reported_epoch(files), f"the best mean Dice on Val of the test epochs {listed}"
