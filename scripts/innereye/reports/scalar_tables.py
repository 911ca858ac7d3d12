"""Which numbers does a report show of a target, and in which words? Tables of text."""

import math
from collections.abc import Callable

import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.binary import confusion
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.interval import Interval
from innereye.metrics.scalar.report_table import HEADLINE_OF_ROW, SENSITIVITY, SPECIFICITY
from innereye.names import SUBJECT

Rows = list[tuple[str, ...]]
Text = Callable[[float], str]

NOTHING = "-"
NUMBERS_COLUMNS = ("Metric", "Value", "95 % interval", "Interval by")
CONFUSION_COLUMNS = ("", "Called positive", "Called negative", "All")
FALSE_POSITIVE_RATE = "false_positive_rate_at_optimal_threshold"
FALSE_NEGATIVE_RATE = "false_negative_rate_at_optimal_threshold"
# The seven numbers of InnerEye's report in its order, and those that it lacks.
OF_CLASSIFICATION = {
    **HEADLINE_OF_ROW,
    "False positive rate at optimal threshold": FALSE_POSITIVE_RATE,
    "False negative rate at optimal threshold": FALSE_NEGATIVE_RATE,
    "Cross entropy": "cross_entropy",
}
# Shown from the other end of the rate.
COMPLEMENTS = {SENSITIVITY, SPECIFICITY}
OF_REGRESSION = {
    "mean_absolute_error": "Mean absolute error",
    "mean_squared_error": "Mean squared error",
    "r2": "R2",
    "explained_variance": "Explained variance",
}
IN_OWN_UNIT = {"mean_absolute_error", "mean_squared_error"}


def number_text(value: float) -> str:
    """Return a number with four decimals; without one a dash."""
    return NOTHING if math.isnan(value) else f"{value:.4f}"


def own_unit_text(value: float) -> str:
    """Return a number in the unit of the label with five digits; without one a dash."""
    return NOTHING if math.isnan(value) else f"{value:#.5g}".rstrip(".")


def classification_rows(headline: pd.DataFrame, *, is_optimal: bool = True) -> Rows:
    """Return the cells of NUMBERS_COLUMNS from the headline numbers of a target, by metric.

    `is_optimal`: whether their threshold was chosen, and is not just 0.5.
    """
    rows = []
    for title, name in OF_CLASSIFICATION.items():
        value, interval = _numbers(headline, name)
        if title in COMPLEMENTS:
            value, interval = 1 - value, Interval(1 - interval.high, 1 - interval.low)
        shown = title if is_optimal else title.replace("optimal ", "").replace("Optimal t", "T")
        cells = number_text(value), _between(interval, number_text), _method(headline, name)
        rows.append((shown, *cells))
    return rows


def regression_rows(headline: pd.DataFrame) -> Rows:
    """Return the same for a regression."""
    rows = []
    for name, title in OF_REGRESSION.items():
        value, interval = _numbers(headline, name)
        text = own_unit_text if name in IN_OWN_UNIT else number_text
        rows.append((title, text(value), _between(interval, text), _method(headline, name)))
    return rows


def value_in_words(headline: pd.DataFrame, metric: str) -> str:
    """Return such as `0.8731 (0.8120 to 0.9304)`, the interval left out where there is none."""
    value, interval = _numbers(headline, metric)
    text = number_text(value)
    return text if math.isnan(interval.low) else f"{text} ({_between(interval, number_text)})"


def number_and_interval(headline: pd.DataFrame, metric: str) -> tuple[str, str]:
    """Return a number and its interval, four decimals each; a dash where there is none."""
    value, interval = _numbers(headline, metric)
    return number_text(value), _between(interval, number_text)


def confusion_rows(rows: pd.DataFrame, *, threshold: float) -> Rows:
    """Return the cells of CONFUSION_COLUMNS: how many subjects of each class lie on which side."""
    counts = confusion(values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT), threshold=threshold)
    called = counts.true_positives + counts.false_positives
    others = counts.true_negatives + counts.false_negatives
    numbers = (
        ("Truly positive", counts.true_positives, counts.false_negatives, counts.positives),
        ("Truly negative", counts.false_positives, counts.true_negatives, counts.negatives),
        ("All", called, others, called + others),
    )
    return [(title, *map(str, each)) for title, *each in numbers]


def subject_rows(subjects: pd.DataFrame, *, is_classification: bool) -> Rows:
    """Return the place from 1, subject and output of each row; of a regression label and error too."""
    names = texts_of(subjects, SUBJECT)
    labels, outputs = values_of(subjects, LABEL), values_of(subjects, MODEL_OUTPUT)
    if is_classification:
        cells = zip(names, (f"{output:.5f}" for output in outputs), strict=True)
    else:
        numbers = zip(labels, outputs, outputs - labels, strict=True)
        texts = [tuple(own_unit_text(each) for each in row) for row in numbers]
        cells = ((name, *row) for name, row in zip(names, texts, strict=True))
    return [(str(place), *row) for place, row in enumerate(cells, 1)]


def _numbers(headline: pd.DataFrame, metric: str) -> tuple[float, Interval]:
    value, low, high = (float(headline.at[metric, name]) for name in ("value", "ci_low", "ci_high"))
    return value, Interval(low, high)


def _between(interval: Interval, text: Text) -> str:
    if math.isnan(interval.low):
        return NOTHING
    return f"{text(interval.low)} to {text(interval.high)}"


def _method(headline: pd.DataFrame, metric: str) -> str:
    return str(headline.at[metric, "method"]) or NOTHING
