"""What does the report on a classification show besides? Curves, confusion, calibration, classes."""

import pandas as pd

from innereye.metrics.columns import values_of
from innereye.metrics.scalar.binary import HALF
from innereye.metrics.scalar.calibration import BINS
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.combinations import (
    combination_metrics,
    combination_name,
    combination_rows,
    occurring_combinations,
)
from innereye.metrics.scalar.report_table import ACCURACY, SENSITIVITY, SPECIFICITY
from innereye.metrics.scalar.temperature import calibration as calibration_at
from innereye.reports.markup import Html, heading, join, paragraph, picture, table
from innereye.reports.scalar_calibration_plot import reliability_png
from innereye.reports.scalar_class_tables import class_accuracy_in_words, class_confusion
from innereye.reports.scalar_curve_plots import curves_png
from innereye.reports.scalar_run import ScalarRun
from innereye.reports.scalar_sections import REPORT_DPI, has_both_classes, has_no_order
from innereye.reports.scalar_tables import (
    CONFUSION_COLUMNS,
    Rows,
    confusion_rows,
    number_and_interval,
    number_text,
)

CALIBRATION_COLUMNS = ("", "As the model says", "95 % interval", "After temperature scaling")
CALIBRATION_ROWS = {
    "expected_calibration_error": f"Expected calibration error ({BINS} bins)",
    "brier_score": "Brier score",
    "cross_entropy": "Cross entropy",
}
COMBINATION_COLUMNS = (
    *("Targets", "Labelled so", "Predicted so"),
    *("Accuracy", "Sensitivity", "Specificity"),
)


def confusion(run: ScalarRun, split: str, target: str) -> Html:
    """Show how many subjects of each class lie on which side of the threshold."""
    rows = run.rows(split, target)
    if not len(rows) or has_no_order(rows):
        return join([])
    title = heading("Confusion at the threshold", level=4)
    threshold = run.threshold(split, target).value
    return join([title, table(CONFUSION_COLUMNS, confusion_rows(rows, threshold=threshold))])


def roc_and_pr(run: ScalarRun, split: str, target: str) -> Html:
    """Show the ROC and PR curves with their bands; nothing where there are none."""
    rows = run.rows(split, target)
    if has_no_order(rows) or not has_both_classes(rows):
        return join([])
    png = curves_png(
        rows,
        threshold=run.threshold(split, target).value,
        resamples=run.resamples,
        plot_dpi=REPORT_DPI,
    )
    title = heading("ROC and PR curves", level=4)
    note = paragraph(
        "Each point of the band is a 95 % interval of the curve's height there, by a bootstrap over "
        "subjects."
    )
    return join([title, picture(png, kind="png", alt=f"ROC and PR curves, {split}"), note])


def calibration(run: ScalarRun, split: str, target: str) -> Html:
    """Show whether outputs come true as often as they say, as they are and at a temperature."""
    rows = run.rows(split, target)
    if not len(rows) or has_no_order(rows):
        return join([])
    temperature = run.temperature(target)
    png = reliability_png(rows, temperature=temperature, plot_dpi=REPORT_DPI)
    return join(
        [
            heading("Calibration", level=4),
            table(CALIBRATION_COLUMNS, _calibration_rows(run, split, target, temperature)),
            paragraph(_temperature_in_words(run, split, target, temperature)),
            picture(png, kind="png", alt=f"Reliability diagram, {split}"),
        ]
    )


def combinations(run: ScalarRun, split: str) -> Html:
    """Show how often the whole set of a subject's targets is right; nothing for a single target."""
    rows = run.rows_of_targets(split)
    if len(run.targets) < 2 or not len(rows) or has_no_order(rows):
        return join([])
    thresholds = {target: run.threshold(split, target).value for target in run.targets}
    cells: Rows = []
    for names in occurring_combinations(rows, run.targets):
        of_set = combination_rows(rows, names, targets=run.targets, thresholds=thresholds)
        found = combination_metrics(of_set)
        counts = [int((values_of(of_set, name) > HALF).sum()) for name in (LABEL, MODEL_OUTPUT)]
        shown = [number_text(found[name]) for name in (ACCURACY, SENSITIVITY, SPECIFICITY)]
        cells.append((combination_name(names), *map(str, counts), *shown))
    note = paragraph(
        "A subject is labelled so where exactly these targets are true, and predicted so where "
        "exactly these reach their thresholds. Subjects that lack a label are left out."
    )
    return join([heading("Combinations of targets"), table(COMBINATION_COLUMNS, cells), note])


def classes(run: ScalarRun, split: str) -> Html:
    """Show which classes are taken for which; nothing where a subject can have several."""
    rows = run.rows_of_targets(split)
    if not run.is_exclusive or not len(rows) or has_no_order(rows):
        return join([])
    content = class_confusion(rows, run.targets)
    columns = ("True class", *run.targets, "All")
    accuracy = paragraph(f"Accuracy of the most likely class: {class_accuracy_in_words(content)}.")
    return join([heading("Most likely class"), accuracy, table(columns, _texts(content, run))])


def _texts(content: pd.DataFrame, run: ScalarRun) -> Rows:
    counts = content.to_numpy()
    return [
        (target, *map(str, row), str(row.sum()))
        for target, row in zip(run.targets, counts, strict=True)
    ]


def _calibration_rows(run: ScalarRun, split: str, target: str, temperature: float) -> Rows:
    rows, headline = run.rows(split, target), run.headline(split, target)
    after = calibration_at(
        values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT), temperature=temperature
    )
    cells: Rows = []
    for name, title in CALIBRATION_ROWS.items():
        value, interval = number_and_interval(headline, name)
        cells.append((title, value, interval, number_text(getattr(after, name))))
    return cells


def _temperature_in_words(run: ScalarRun, split: str, target: str, temperature: float) -> str:
    rows = run.unseen_val_rows(target)
    if not len(rows) or not has_both_classes(rows) or has_no_order(rows):
        return (
            "Val has no results of both classes, so no temperature can be fitted: nothing changes."
        )
    of = "the Val sets of all folds together" if run.is_ensemble else "Val"
    sureness = "too sure" if temperature > 1 else "not sure enough"
    own = " It is fitted on these very subjects." if split == "Val" and not run.is_ensemble else ""
    return (
        f"Temperature {temperature:.4g}, fitted on {of}: the model is {sureness} there. Outputs "
        f"keep their order, so curves and areas stay as they are.{own}"
    )
