"""What does the report on an ensemble of scalar models say of its members? The folds, on Val."""

import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.columns import FOLD, LABEL
from innereye.metrics.scalar.report_table import fold_table
from innereye.metrics.scalar.target_rows import rows_of_target
from innereye.names import Split, natural_key
from innereye.reports.markup import Html, heading, join, paragraph, picture, table
from innereye.reports.scalar_curve_plots import fold_curves_png
from innereye.reports.scalar_fold_tables import regression_fold_table
from innereye.reports.scalar_run import ScalarRun
from innereye.reports.scalar_sections import REPORT_DPI, has_both_classes, has_no_order
from innereye.reports.scalar_tables import NUMBERS_COLUMNS, classification_rows, regression_rows

FOLD_NOTE = (
    "Each fold on its own Val set, whose subjects it has not seen; its threshold is that of these "
    "subjects. In the last column each fold counts once; the standard deviation is that of the "
    "folds themselves."
)
POOLED_NOTE = (
    "Pooled: the Val sets of all folds as one table, each subject scored by the one fold that had "
    "not seen it. These are numbers of the members, not of the ensemble."
)


def folds(run: ScalarRun, target: str) -> Html:
    """Show the numbers and curves of a target fold by fold, and those of all folds together."""
    pooled = run.pooled()
    if pooled is None:
        return paragraph("There is no table of the folds.")
    title = [heading(f"Target: {target}")] if len(run.targets) > 1 else []
    rows = run.unseen_val_rows(target)
    if not len(rows):
        return join([*title, paragraph("The folds have no labelled subjects on Val.")])
    if run.is_classification:
        content = fold_table(pooled, target)
    else:
        content = regression_fold_table(pooled, target)
    columns = [str(name) for name in content.columns]
    cells = list(zip(*(texts_of(content, name) for name in columns), strict=True))
    pieces = [*title, table(columns, cells), paragraph(FOLD_NOTE), *_curves(run, pooled, target)]
    return join([*pieces, *_pooled(run, target, rows)])


def _pooled(run: ScalarRun, target: str, rows: pd.DataFrame) -> list[Html]:
    headline = run.pooled_headline(target)
    content = classification_rows if run.is_classification else regression_rows
    counts = f"Subjects: {len(rows)}."
    if run.is_classification:
        positives = int((values_of(rows, LABEL) > 0.5).sum())
        counts = f"Subjects: {len(rows)}, of them positive: {positives}."
    title = heading("All folds together (pooled Val)", level=4)
    numbers = table(NUMBERS_COLUMNS, content(headline))
    return [title, numbers, paragraph(f"{counts} {POOLED_NOTE}")]


def _curves(run: ScalarRun, pooled: pd.DataFrame, target: str) -> list[Html]:
    if not run.is_classification:
        return []
    names = sorted(set(texts_of(pooled, FOLD)), key=natural_key)
    of_folds = {
        fold: rows_of_target(pooled, target, split=Split.VAL, fold=int(fold)) for fold in names
    }
    drawn = {
        fold: rows
        for fold, rows in of_folds.items()
        if has_both_classes(rows) and not has_no_order(rows)
    }
    if not drawn:
        return [paragraph("No fold has both classes on Val: there are no curves.")]
    png = fold_curves_png(drawn, plot_dpi=REPORT_DPI)
    title = heading("ROC and PR curves, fold by fold", level=4)
    return [title, picture(png, kind="png", alt="ROC and PR curves of the folds")]
