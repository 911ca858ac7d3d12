"""Which numbers does a classification report show? Seven of each target, per split or per fold."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values, texts_of, values_of
from innereye.metrics.scalar.binary import accuracy_at_half, confusion
from innereye.metrics.scalar.columns import FOLD, LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.headline import headline_numbers
from innereye.metrics.scalar.operating_points import (
    operating_points,
    optimal_threshold,
    pr_curve,
    roc_curve,
)
from innereye.metrics.scalar.resampling import RESAMPLES
from innereye.metrics.scalar.target_rows import rows_of_target
from innereye.names import Split, natural_key

METRIC, VALUE, INTERVAL = "Metric", "Value", "95 % interval"
MEAN = "Mean (std)"
PR_AREA = "Area under PR Curve"
ROC_AREA = "Area under ROC Curve"
THRESHOLD = "Optimal threshold"
ACCURACY = "Accuracy at optimal threshold"
ACCURACY_AT_HALF = "Accuracy at threshold 0.5"
SENSITIVITY = "Sensitivity at optimal threshold"
SPECIFICITY = "Specificity at optimal threshold"

# The interval of a sensitivity is that of the false negative rate, seen from the other end.
HEADLINE_OF_ROW = {
    PR_AREA: "area_under_pr_curve",
    ROC_AREA: "area_under_roc_curve",
    THRESHOLD: "optimal_threshold",
    ACCURACY: "accuracy_at_optimal_threshold",
    ACCURACY_AT_HALF: "accuracy_at_threshold_05",
    SENSITIVITY: "false_negative_rate_at_optimal_threshold",
    SPECIFICITY: "false_positive_rate_at_optimal_threshold",
}


def threshold_of(rows: pd.DataFrame) -> float:
    """Return the optimal threshold of the rows of a target; NaN with one class only."""
    return optimal_threshold(
        operating_points(values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT))
    )


def threshold_metrics(labels: Values, outputs: Values, *, threshold: float) -> dict[str, float]:
    """Return the four numbers that depend on a threshold, for labels and outputs (N,)."""
    counts = confusion(labels, outputs, threshold=threshold)
    return {
        ACCURACY: counts.accuracy,
        ACCURACY_AT_HALF: accuracy_at_half(labels, outputs),
        SENSITIVITY: counts.sensitivity,
        SPECIFICITY: counts.specificity,
    }


def report_numbers(rows: pd.DataFrame, *, threshold: float) -> dict[str, float]:
    """Return the seven numbers of a target's rows in the order of the report.

    `threshold`: that of Train for Train, that of Val for Val and Test.
    """
    labels, outputs = values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT)
    points = operating_points(labels, outputs)
    return {
        PR_AREA: pr_curve(points).area,
        ROC_AREA: roc_curve(points).area,
        THRESHOLD: threshold,
        **threshold_metrics(labels, outputs, threshold=threshold),
    }


def report_table(
    rows: pd.DataFrame, *, threshold: float, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """Return the columns Metric, Value and 95 % interval, all texts with four decimals."""
    numbers = report_numbers(rows, threshold=threshold)
    headline = headline_numbers(
        rows, is_classification=True, threshold=threshold, resamples=resamples
    ).set_index("metric")
    texts = []
    for name, value in numbers.items():
        low, high = headline.loc[HEADLINE_OF_ROW[name], ["ci_low", "ci_high"]].astype(float)
        if name in {SENSITIVITY, SPECIFICITY}:
            low, high = 1 - high, 1 - low
        interval = "" if math.isnan(low) else f"{low:.4f} to {high:.4f}"
        texts.append((name, f"{value:.4f}", interval))
    return pd.DataFrame(texts, columns=[METRIC, VALUE, INTERVAL])


def fold_table(table: pd.DataFrame, target: str) -> pd.DataFrame:
    """Return the columns Metric, Split 0, ..., Mean (std): the seven numbers of each fold on Val.

    `table`: that of `MetricsAcrossAllRuns.csv`; it need not have rows of Test. A fold's threshold is
    that of its own rows. The standard deviation is that of the folds themselves (division by their
    number). A fold with one class shows `nan` and is left out of the mean.
    """
    numbers: dict[str, Mapping[str, float]] = {}
    for fold in sorted(set(texts_of(table, FOLD)), key=natural_key):
        rows = rows_of_target(table, target, split=Split.VAL, fold=int(fold))
        numbers[f"Split {fold}"] = report_numbers(rows, threshold=threshold_of(rows))
    texts = [
        (name, *(f"{of_fold[name]:.4f}" for of_fold in numbers.values()), mean_and_std(values))
        for name in HEADLINE_OF_ROW
        for values in [[of_fold[name] for of_fold in numbers.values()]]
    ]
    return pd.DataFrame(texts, columns=[METRIC, *numbers, MEAN])


def mean_and_std(values: Sequence[float]) -> str:
    """Return `0.8123 (0.0321)`: mean and population standard deviation, NaN left out."""
    present = np.array([value for value in values if not math.isnan(value)])
    if not present.size:
        return "nan (nan)"
    return f"{present.mean():.4f} ({present.std():.4f})"
