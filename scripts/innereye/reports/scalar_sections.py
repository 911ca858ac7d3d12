"""What does each section of a report on a scalar model show, whatever the model predicts?"""

from pathlib import Path

import numpy as np
import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.headline import ROC_AREA
from innereye.names import SUBJECT, Split
from innereye.reports.few_subjects import few_subjects
from innereye.reports.markup import (
    Html,
    banner,
    block,
    facts_table,
    grid,
    heading,
    join,
    paragraph,
    picture,
    table,
)
from innereye.reports.run_folder import sizes_in_words
from innereye.reports.scalar_extremes import (
    LARGEST,
    PICTURES_SHOWN,
    SMALLEST,
    SUREST_FIRST,
    extremes_of,
)
from innereye.reports.scalar_learning_curves import scalar_learning_curves_png
from innereye.reports.scalar_run import ScalarRun
from innereye.reports.scalar_tables import (
    NUMBERS_COLUMNS,
    classification_rows,
    number_text,
    own_unit_text,
    regression_rows,
    subject_rows,
    value_in_words,
)
from innereye.reports.seen_subjects import seen_in_training
from innereye.reports.small_picture import small_jpeg

REPORT_DPI = 90
PICTURE_PIXELS = 320
ORDERS = {**SUREST_FIRST, LARGEST: "the largest first", SMALLEST: "the smallest first"}
LIST_COLUMNS = {
    True: ("", "ID", "Score"),
    False: ("", "ID", "True", "Predicted", "Predicted - true"),
}
LISTS_OF_REGRESSION = 2
PICTURES_NOTE = (
    f"Pictures of the first {PICTURES_SHOWN} subjects of each list, black to white as their values go. "
    "Of volumes: the middle slices through Z, Y and X with square voxels, one row for "
    "each image."
)
# What heads the report, and what is drawn over the epochs.
MAIN_METRIC = {True: (ROC_AREA, "Area under ROC curve"), False: ("r2", "R2")}
CURVE_METRIC = {
    True: (ROC_AREA, "Area under ROC curve"),
    False: ("mean_absolute_error", "Mean absolute error"),
}


def header(run: ScalarRun, splits: list[str]) -> Html:
    """Show what was reported: model, data, subjects, epoch, and one number of each split."""
    facts = [*run.facts.items()]
    sizes = {split: run.split_size(split) for split in Split}
    if any(size is not None for size in sizes.values()):
        facts.append(("Subjects", sizes_in_words(sizes, is_ensemble=run.is_ensemble)))
    facts.append(("Reported epoch", f"{run.epoch}: {run.reason}"))
    metric, title = MAIN_METRIC[run.is_classification]
    if run.is_ensemble:
        facts.append((f"{title} (95 % interval), Val sets of all folds", _pooled(run, metric)))
    for split in splits:
        words = [
            _named(run, target, _in_words(run, split, target, metric)) for target in run.targets
        ]
        facts.append((f"{title} (95 % interval), {split}{_note(run, split)}", "; ".join(words)))
    return facts_table(facts)


def seen(run: ScalarRun, split: str) -> Html:
    """Say that an ensemble's members have seen the subjects of a split."""
    del run
    return seen_in_training(split)


def numbers(run: ScalarRun, split: str, target: str) -> Html:
    """Show the metrics of a target with their intervals, and what makes them doubtful."""
    rows = run.rows(split, target)
    pieces = [heading(f"Target: {target}")] if len(run.targets) > 1 else []
    if unlabelled := run.count_unlabelled(split, target):
        pieces.append(paragraph(f"Subjects without a label, which do not count: {unlabelled}."))
    if not len(rows):
        return join([*pieces, banner(f"{split} has no labelled subjects: nothing to report.")])
    pieces += [*few_subjects(len(rows)), *_warnings(run, rows, split)]
    headline = run.headline(split, target)
    if not run.is_classification:
        content = table(NUMBERS_COLUMNS, regression_rows(headline))
        return join([*pieces, content, paragraph(f"Subjects: {len(rows)}.")])
    threshold = run.threshold(split, target)
    content = classification_rows(headline, is_optimal=threshold.is_optimal)
    positives = int((values_of(rows, LABEL) > 0.5).sum())
    pieces += [
        table(NUMBERS_COLUMNS, content),
        paragraph(f"Subjects: {len(rows)}, of them positive: {positives}."),
        paragraph(
            f"Threshold: {threshold}. From it on, outputs count as positive; intervals take it as "
            "given."
        ),
    ]
    return join(pieces)


def extremes(run: ScalarRun, split: str, target: str) -> Html:
    """Show the best and worst subjects of a target: lists, and pictures of the first of each."""
    rows = run.rows(split, target)
    if not len(rows) or has_no_order(rows):
        return join([])
    lists = {name: each for name, each in extremes_of(run, split, target).items() if len(each)}
    columns = len(lists) if run.is_classification else LISTS_OF_REGRESSION
    tables = [block([_title(name, each), _list(run, each)]) for name, each in lists.items()]
    pieces = [heading("Best and worst subjects", level=4), grid(tables, max(columns, 1))]
    if run.pictures(split):
        pieces.append(paragraph(PICTURES_NOTE))
    for name, subjects in lists.items():
        if pictures := _pictures(run, split, subjects):
            pieces += [Html(f"<p><b>{name.capitalize()}</b></p>"), grid(pictures)]
    return join(pieces)


def curves(run: ScalarRun) -> Html:
    """Show loss, a metric and the learning rate over the epochs."""
    tables = run.epoch_metrics()
    if not tables:
        return paragraph("This run has no training of its own: its checkpoints come from others.")
    metric, title = CURVE_METRIC[run.is_classification]
    png = scalar_learning_curves_png(
        tables,
        metric=metric,
        title=title,
        targets=run.targets,
        reported_epoch=run.epoch,
        plot_dpi=REPORT_DPI,
    )
    note = paragraph("The dotted line is the reported epoch.")
    return join([picture(png, kind="png", alt="Learning curves"), note])


def has_no_order(rows: pd.DataFrame) -> bool:
    """Say whether an output among the rows is no number, so that none has a place."""
    return bool(np.isnan(values_of(rows, MODEL_OUTPUT)).any())


def has_both_classes(rows: pd.DataFrame) -> bool:
    """Say whether a target has positives and negatives."""
    return len(set(values_of(rows, LABEL) > 0.5)) == 2


def _named(run: ScalarRun, target: str, words: str) -> str:
    return f"{target}: {words}" if len(run.targets) > 1 else words


def _pooled(run: ScalarRun, metric: str) -> str:
    words = [
        _named(run, target, value_in_words(run.pooled_headline(target), metric))
        for target in run.targets
        if len(run.unseen_val_rows(target))
    ]
    return "; ".join(words) or "no labelled subjects"


def _in_words(run: ScalarRun, split: str, target: str, metric: str) -> str:
    if not len(run.rows(split, target)):
        return "no labelled subjects"
    return value_in_words(run.headline(split, target), metric)


def _note(run: ScalarRun, split: str) -> str:
    return " (seen in training)" if run.is_ensemble and split != Split.TEST else ""


def _warnings(run: ScalarRun, rows: pd.DataFrame, split: str) -> list[Html]:
    found = []
    if count := int(np.isnan(values_of(rows, MODEL_OUTPUT)).sum()):
        found.append(
            f"The model's output is no number for {count} of the subjects of {split}: "
            "there are no metrics."
        )
    if run.is_classification and not has_both_classes(rows):
        only = "positive" if (values_of(rows, LABEL) > 0.5).all() else "negative"
        found.append(
            f"All subjects of {split} are {only}: there are no curves, nor areas under them."
        )
    return [banner(sentence) for sentence in found]


def _title(name: str, subjects: pd.DataFrame) -> Html:
    return Html(f"<p><b>Top {len(subjects)} {name}</b><br>{ORDERS[name]}</p>")


def _list(run: ScalarRun, subjects: pd.DataFrame) -> Html:
    columns = LIST_COLUMNS[run.is_classification]
    rows = subject_rows(subjects, is_classification=run.is_classification)
    return table(columns, rows, word_columns=2)


def _pictures(run: ScalarRun, split: str, subjects: pd.DataFrame) -> list[Html]:
    pictures = run.pictures(split)
    shown = texts_of(subjects, SUBJECT)[:PICTURES_SHOWN]
    return [_figure(run, split, name, pictures[name]) for name in shown if name in pictures]


def _figure(run: ScalarRun, split: str, subject: str, found: Path | str) -> Html:
    caption = caption_of(run, split, subject)
    if isinstance(found, str):
        return paragraph(f"{caption}. No picture: {found}.")
    jpeg = small_jpeg(found, width=PICTURE_PIXELS)
    image = picture(jpeg, kind="jpeg", alt=f"Images of subject {subject}")
    return block([image, paragraph(caption)])


def caption_of(run: ScalarRun, split: str, subject: str) -> str:
    """Return such as `ID 12; true labels: a|b; output: a 0.91, b 0.77`."""
    rows = {target: run.rows(split, target) for target in run.targets}
    of_subject = {t: each.loc[each[SUBJECT] == subject] for t, each in rows.items()}
    known = {target: found.iloc[0] for target, found in of_subject.items() if len(found)}
    if not run.is_classification:
        words = [
            f"true {own_unit_text(float(row[LABEL]))}, "
            f"predicted {own_unit_text(float(row[MODEL_OUTPUT]))}"
            for row in known.values()
        ]
        return "; ".join([f"ID {subject}", *words])
    if len(run.targets) == 1:
        row = next(iter(known.values()))
        truth = "positive" if row[LABEL] > 0.5 else "negative"
        return f"ID {subject}; truly {truth}; output {number_text(float(row[MODEL_OUTPUT]))}"
    names = "|".join(target for target, row in known.items() if row[LABEL] > 0.5) or "Negative"
    outputs = ", ".join(f"{t} {float(row[MODEL_OUTPUT]):.2f}" for t, row in known.items())
    return f"ID {subject}; true labels: {names}; output: {outputs}"
