"""Which epoch of a scalar model's run is reported, with which pictures beside it?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.configs.stages.scalar_report import ScalarReportSettings
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.metrics.scalar.resampling import RESAMPLES
from innereye.names import REPORT_PICTURES, Split
from innereye.reports.executed_report import SPLIT_TITLES, require_scores
from innereye.reports.scalar_extremes import subjects_with_pictures
from innereye.reports.scalar_pictures import draw_pictures
from innereye.reports.scalar_report import write_scalar_report
from innereye.reports.scalar_run import ScalarRun


def report_scalar_run(
    *,
    run_folder: Path,
    epochs: Sequence[int],
    splits: Sequence[Split],
    settings: ScalarReportSettings,
    is_regression: bool,
    facts: Mapping[str, str],
    notebook: Path,
    html: Path,
    is_exclusive: bool = False,
    epoch_json: Path | None = None,
    resamples: int = RESAMPLES,
) -> None:
    """Report the last test epoch of a run.

    For an ensemble `epoch_json` says which epoch its members have in common. `is_exclusive`: each
    subject has one of the targets, as with ExclusiveCrossEntropyWithLogits.

    Raises:
        InnerEyeError: a split has no scores in this epoch, or a table of the run cannot be read.
    """
    epoch, reason = read_reported_epoch(epoch_json) if epoch_json else last_epoch(epochs)
    run = ScalarRun(
        folder=run_folder,
        epoch=epoch,
        reason=reason,
        targets=settings.target_names or settings.class_names,
        is_classification=not is_regression,
        number_shown=settings.max_worst_subjects,
        is_exclusive=is_exclusive,
        subject_column=settings.subject_column,
        resamples=resamples,
        facts=facts,
        is_ensemble=epoch_json is not None,
    )
    require_scores(run_folder, epoch, splits)
    draw_first(run, splits, settings)
    write_scalar_report(run, splits=splits, notebook=notebook, html=html)


def draw_first(run: ScalarRun, splits: Sequence[Split], settings: ScalarReportSettings) -> None:
    """Put pictures of the subjects that the report lists beside it: those of its first split."""
    for split in [split for split in SPLIT_TITLES if split in splits][:1]:
        draw_pictures(
            run_folder=run.folder,
            split=split,
            subjects=subjects_with_pictures(run, split),
            settings=settings,
            is_regression=not run.is_classification,
            folder=run.folder / REPORT_PICTURES / split,
        )


def last_epoch(epochs: Sequence[int]) -> tuple[int, str]:
    """Return the last of a run's test epochs, and the reason in words."""
    if len(epochs) == 1:
        return epochs[0], "the only test epoch"
    listed = ", ".join(str(epoch) for epoch in sorted(epochs))
    return max(epochs), f"the last of the test epochs {listed}"
