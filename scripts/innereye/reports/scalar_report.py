"""How good is a classification or regression? Its report as a notebook and as a page."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from innereye.names import Split
from innereye.reports import (
    scalar_class_sections,
    scalar_fold_sections,
    scalar_sections,
    scalar_value_sections,
)
from innereye.reports.executed_report import (
    SPLIT_TITLES,
    execute_cells,
    require_scores,
    title_of,
    write_executed,
)
from innereye.reports.markup import Html
from innereye.reports.scalar_run import ScalarRun

logger = logging.getLogger(__name__)

SETUP = """\
from pathlib import Path

from innereye.reports import (
    scalar_class_sections,
    scalar_fold_sections,
    scalar_sections,
    scalar_value_sections,
)
from innereye.reports.scalar_run import ScalarRun

run = ScalarRun(
    folder=Path(),
    epoch=epoch,
    reason=reason,
    targets=targets,
    is_classification=is_classification,
    number_shown=number_shown,
    is_exclusive=is_exclusive,
    subject_column=subject_column,
    resamples=resamples,
    facts=facts,
    is_ensemble=is_ensemble,
)
scalar_sections.header(run, splits)"""
# Named through the functions, so that the code fingerprint of the report covers what its cells call.
OF_CLASSES = (
    scalar_class_sections.confusion,
    scalar_class_sections.roc_and_pr,
    scalar_class_sections.calibration,
)
OF_VALUES = (scalar_value_sections.scatter,)
OF_ALL_TARGETS = (scalar_class_sections.combinations, scalar_class_sections.classes)


def write_scalar_report(
    run: ScalarRun, *, splits: Sequence[Split], notebook: Path, html: Path
) -> None:
    """Report one epoch of a run: numbers, curves, calibration, subjects, for each of the splits.

    The notebook runs in the run's folder and holds no path of the machine, time or version: the same
    results give the same bytes. `run.facts["Model"]` is in the title. The best and worst subjects
    are those of Test, else of the first split that there is.

    Raises:
        InnerEyeError: a split has no scores in this epoch, or a table of the run cannot be read.
    """
    ordered = [split for split in SPLIT_TITLES if split in splits]
    require_scores(run.folder, run.epoch, ordered)
    title = title_of("Classification" if run.is_classification else "Regression", run.facts)
    parameters = {
        "epoch": run.epoch,
        "reason": run.reason,
        "targets": list(run.targets),
        "is_classification": run.is_classification,
        "number_shown": run.number_shown,
        "is_exclusive": run.is_exclusive,
        "subject_column": run.subject_column,
        "resamples": run.resamples,
        "facts": dict(run.facts),
        "is_ensemble": run.is_ensemble,
        "splits": [str(split) for split in ordered],
    }
    cells = _cells(run, ordered)
    executed = execute_cells(title, cells, parameters=parameters, folder=run.folder)
    write_executed(executed, title, notebook=notebook, html=html)
    logger.info("Reported epoch %d on %s.", run.epoch, ", ".join(ordered) or "no split")


def _cells(run: ScalarRun, splits: Sequence[Split]) -> list[str]:
    cells = [SETUP]
    if run.is_ensemble:
        cells += ["## Folds", *(_call(scalar_fold_sections.folds, each) for each in run.targets)]
    for place, split in enumerate(splits):
        cells.append(f"## {SPLIT_TITLES[split]}")
        if run.is_ensemble and split is not Split.TEST:
            cells.append(_call(scalar_sections.seen, str(split)))
        for target in run.targets:
            cells += _cells_of_target(run, split, target, with_subjects=place == 0)
        if run.is_classification and len(run.targets) > 1:
            cells += [_call(show, str(split)) for show in OF_ALL_TARGETS]
    if run.is_ensemble:
        return cells
    return [*cells, "## Learning curves", _call(scalar_sections.curves)]


def _cells_of_target(
    run: ScalarRun, split: Split, target: str, *, with_subjects: bool
) -> list[str]:
    shown = [scalar_sections.numbers, *(OF_CLASSES if run.is_classification else OF_VALUES)]
    if with_subjects:
        shown.append(scalar_sections.extremes)
    return [_call(show, str(split), target) for show in shown]


def _call(show: Callable[..., Html], *arguments: str) -> str:
    module = show.__module__.rsplit(".", 1)[-1]
    return f"{module}.{show.__name__}({', '.join(['run', *map(repr, arguments)])})"
