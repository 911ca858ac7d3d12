"""What does the report on an ensemble say of its members? The folds of the cross-validation."""

import math
from pathlib import Path

import pandas as pd

from innereye.io.files import read_table
from innereye.metrics.columns import texts_of
from innereye.metrics.runs.results_by_fold import unusual_folds
from innereye.metrics.runs.runs_table import read_runs_table
from innereye.names import (
    DATA_SPLIT,
    DICE,
    HIGH_IS_GOOD,
    METRIC_COLUMNS,
    METRICS_ACROSS_ALL_RUNS_CSV,
    RESULTS_BY_FOLD_CSV,
    STRUCTURE,
)
from innereye.reports.markup import Html, banner, folded, heading, join, paragraph, table
from innereye.reports.reported_run import ReportedRun
from innereye.reports.score_tables import METRIC_TITLES
from innereye.reports.seen_subjects import seen_in_training

COLUMNS = (
    *("Split", "Structure", "n", "mean of folds", "std", "lowest", "highest", "worst fold"),
    *("mean of subjects (95 % CI)", "infinite"),
)
NOTE = (
    "Each fold counts once in the mean of folds. In the mean of subjects each subject counts once; "
    "on Val it was scored by the one fold that had not seen it, on Test by all of them. "
    "The row 'mean' is the mean over structures."
)


def folds(run: ReportedRun) -> Html:
    """Show the scores of the members on their Val sets and on Test, and folds that stand out."""
    results = run.folder / ".." / RESULTS_BY_FOLD_CSV
    if not results.is_file():
        return paragraph("There is no table of the folds.")
    rows = read_table(results)
    if rows.empty:
        return paragraph("The folds have no scores.")
    pieces = [banner(sentence) for sentence in warnings(results)]
    for metric in METRIC_COLUMNS:
        of_metric = rows.loc[rows["Metric"] == metric]
        content = table(COLUMNS, table_rows(of_metric, metric), word_columns=2)
        title = f"{METRIC_TITLES[metric]}, fold by fold"
        pieces += [heading(title), content] if metric == DICE else [folded(title, content)]
    return join([*pieces, paragraph(NOTE)])


def seen(run: ReportedRun, split: str) -> Html:
    """Say that an ensemble's members have seen the subjects of a split."""
    del run
    return seen_in_training(split)


def warnings(results: Path) -> list[str]:
    """Return a sentence for each fold that lies far from the others."""
    runs = results.with_name(METRICS_ACROSS_ALL_RUNS_CSV)
    return unusual_folds(read_runs_table(runs)) if runs.is_file() else []


def table_rows(rows: pd.DataFrame, metric: str) -> list[tuple[str, ...]]:
    """Return the cells of the rows of a metric."""
    words = [texts_of(rows, name) for name in (DATA_SPLIT, STRUCTURE, "subjects")]
    names = ("mean_of_folds", "std_of_folds", "min_of_folds", "max_of_folds")
    numbers = [shown(rows, name, metric) for name in names]
    pooled = zip(
        *(shown(rows, name, metric) for name in ("pooled_mean", "pooled_low", "pooled_high")),
        strict=True,
    )
    means = [f"{mean} ({low} to {high})" for mean, low, high in pooled]
    last = [texts_of(rows, "worst_fold"), means, texts_of(rows, "infinite")]
    return list(zip(*words, *numbers, *last, strict=True))


def shown(rows: pd.DataFrame, column: str, metric: str) -> list[str]:
    """Return a column of numbers as the report shows it."""
    return [as_shown(text, metric) for text in texts_of(rows, column)]


def as_shown(text: str, metric: str) -> str:
    """Return a number of the table as the report shows it; nothing as a dash."""
    value = float(text or math.nan)
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "∞"
    return f"{value:.4f}" if metric in HIGH_IS_GOOD else f"{value:.2f}"
