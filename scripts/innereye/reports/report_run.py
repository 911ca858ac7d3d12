"""Which epoch of a run is reported, and why?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.configs.stages.report import ReportSettings
from innereye.metrics.columns import texts_of
from innereye.metrics.metrics_csv import read_metrics
from innereye.metrics.rankings import worst_subjects
from innereye.metrics.reported_epoch import choose_epoch
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.names import (
    DICE,
    METRICS_CSV,
    PATIENT,
    REPORT_PICTURES,
    SEGMENTATIONS_CSV,
    SPLIT_CSV,
    THUMBNAILS,
    Split,
    epoch_folder,
)
from innereye.reports.drawn_thumbnails import copy_thumbnails, volumes_are_elsewhere
from innereye.reports.report import write_report
from innereye.reports.sections import REPORT_DPI, THUMBNAILS_SHOWN
from innereye.reports.thumbnails import draw_thumbnails


def report_run(
    *,
    run_folder: Path,
    epochs: Sequence[int],
    splits: Sequence[Split],
    settings: ReportSettings,
    facts: Mapping[str, str],
    notebook: Path,
    html: Path,
    epoch_json: Path | None = None,
) -> None:
    """Report the best epoch on Val when all epochs have Val scores, else the last epoch.

    For an ensemble `epoch_json` says which epoch was chosen on the Val sets of its members.
    """
    if epoch_json:
        epoch, reason = read_reported_epoch(epoch_json)
    else:
        epoch, reason = choose_epoch(run_folder, epochs, has_val=Split.VAL in splits)
    for split in splits:
        draw_worst(run_folder, epoch, split, settings)
    write_report(
        run_folder=run_folder,
        epoch=epoch,
        reason=reason,
        splits=splits,
        settings=settings,
        facts=facts,
        notebook=notebook,
        html=html,
        is_ensemble=epoch_json is not None,
    )


def draw_worst(run_folder: Path, epoch: int, split: Split, settings: ReportSettings) -> None:
    """Put the pictures of the subjects that the report shows beside it: drawn, or as drawn before.

    Where images or volumes lie in the cloud, the thumbnails that were drawn there serve.
    """
    results = run_folder / epoch_folder(epoch) / split
    metrics = read_metrics(results / METRICS_CSV)
    worst = worst_subjects(
        metrics, DICE, outlier_range=settings.outlier_range, max_rows=THUMBNAILS_SHOWN
    )
    subjects = set(texts_of(worst, PATIENT))
    folder = run_folder / REPORT_PICTURES / split
    if settings.local_dataset is None or volumes_are_elsewhere(results / SEGMENTATIONS_CSV):
        copy_thumbnails(results / THUMBNAILS, folder, subjects=subjects)
        return
    draw_thumbnails(
        segmentations_csv=results / SEGMENTATIONS_CSV,
        split_csv=run_folder / SPLIT_CSV[split],
        settings=settings,
        plot_dpi=REPORT_DPI,
        folder=folder,
        subjects=subjects,
    )
