"""How good is a run? Its report as a notebook and as a page."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from innereye.configs.stages.report import ReportSettings
from innereye.names import Split
from innereye.reports import fold_sections, sections
from innereye.reports.executed_report import (
    SPLIT_TITLES,
    execute_cells,
    require_scores,
    title_of,
    write_executed,
)

logger = logging.getLogger(__name__)

SETUP = """\
from pathlib import Path

from innereye.reports import fold_sections, sections
from innereye.reports.reported_run import ReportedRun

run = ReportedRun(
    folder=Path(),
    epoch=epoch,
    reason=reason,
    outlier_range=outlier_range,
    max_worst_subjects=max_worst_subjects,
    surface_dice_tolerance_mm=surface_dice_tolerance_mm,
    facts=facts,
    is_ensemble=is_ensemble,
)
sections.header(run, splits)"""
# Named through the functions, so that the code fingerprint of the report covers what its cells call.
SPLIT_SECTIONS = (
    sections.scores,
    sections.boxplots,
    sections.outliers,
    sections.worst,
    sections.thumbnails,
)


def write_report(
    *,
    run_folder: Path,
    epoch: int,
    reason: str,
    splits: Sequence[Split],
    settings: ReportSettings,
    facts: Mapping[str, str],
    notebook: Path,
    html: Path,
    is_ensemble: bool = False,
) -> None:
    """Report one epoch of a run: tables, outliers, worst subjects, plots, for each of the splits.

    The notebook runs in `run_folder` and holds no path of the machine, time or version: the same
    results give the same bytes. `reason` says why this epoch; `facts` head the report, and
    `facts["Model"]` is in its title. The report on an ensemble is also about the folds beside it, and
    has no learning curves.

    Raises:
        InnerEyeError: a split has no scores in this epoch, or a table of the run cannot be read.
    """
    ordered = [split for split in SPLIT_TITLES if split in splits]
    require_scores(run_folder, epoch, ordered)
    title = title_of("Segmentation", facts)
    parameters = {
        "epoch": epoch,
        "reason": reason,
        "splits": [str(split) for split in ordered],
        "facts": dict(facts),
        "outlier_range": settings.outlier_range,
        "max_worst_subjects": settings.max_worst_subjects,
        "surface_dice_tolerance_mm": settings.surface_dice_tolerance_mm,
        "is_ensemble": is_ensemble,
    }
    cells = _cells(ordered, is_ensemble)
    executed = execute_cells(title, cells, parameters=parameters, folder=run_folder)
    write_executed(executed, title, notebook=notebook, html=html)
    logger.info("Reported epoch %d on %s.", epoch, ", ".join(ordered) or "no split")


def _cells(splits: Sequence[Split], is_ensemble: bool) -> list[str]:
    cells = [SETUP]
    if is_ensemble:
        cells += ["## Folds", f"fold_sections.{fold_sections.folds.__name__}(run)"]
    for split in splits:
        cells.append(f"## {SPLIT_TITLES[split]}")
        if is_ensemble and split is not Split.TEST:
            cells.append(f'fold_sections.{fold_sections.seen.__name__}(run, "{split}")')
        cells += [f'sections.{show.__name__}(run, "{split}")' for show in SPLIT_SECTIONS]
    if is_ensemble:
        return cells
    return [*cells, "## Learning curves", "sections.curves(run)"]
