"""How sure is each number that a report shows? Metrics of one target with 95 % intervals."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values, texts_of, values_of
from innereye.metrics.scalar.binary import (
    BinaryMetrics,
    Confusion,
    accuracy_at_half,
    binary_metrics,
    confusion,
)
from innereye.metrics.scalar.calibration import brier_score, expected_calibration_error
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.cross_entropy import cross_entropy
from innereye.metrics.scalar.interval import Interval, newcombe, wilson
from innereye.metrics.scalar.operating_points import (
    operating_points,
    optimal_threshold,
    pr_curve,
    roc_curve,
)
from innereye.metrics.scalar.regression import regression_metrics
from innereye.metrics.scalar.resampling import RESAMPLES, SEED, Rows, bootstrap
from innereye.metrics.scalar.table_parts import rows_where
from innereye.metrics.tidy_csv import write_tidy
from innereye.names import SUBJECT

HEADLINE_COLUMNS = ("metric", "value", "ci_low", "ci_high", "method")
ROC_AREA = "area_under_roc_curve"
COUNT = "subject_count"
BOOTSTRAP = "bootstrap over subjects"
NO_METHOD = ""


def headline_numbers(
    rows: pd.DataFrame,
    *,
    is_classification: bool,
    threshold: float | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return metric, value, ci_low, ci_high and method for the labelled rows of one target.

    `threshold` of a classification, without meaning for a regression: that of Val, to be used on
    Test; NaN, from a Val of one class, leaves no rates; without it that of the rows themselves. It
    is taken as given: no interval tells what its choice on the same rows adds. With one row
    for each subject the area under the ROC curve has Newcombe's interval and rates have Wilson's;
    all else, and everything where a subject has several rows, has a bootstrap over subjects.
    """
    rows = rows_where(rows, rows[LABEL].notna())
    labels, outputs = values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT)
    subjects = texts_of(rows, SUBJECT)
    if is_classification:
        return _of_classification(labels, outputs, subjects, threshold, resamples, seed)

    def statistics(chosen: Rows) -> dict[str, float]:
        values = asdict(regression_metrics(labels[chosen], outputs[chosen]))
        return {name: value for name, value in values.items() if name != COUNT}

    intervals = bootstrap(statistics, subjects, resamples=resamples, seed=seed)
    return _table(asdict(regression_metrics(labels, outputs)), intervals, {})


def write_headline_numbers(path: Path, table: pd.DataFrame) -> None:
    """Write tables of `headline_numbers`, with columns before that say of what: `%.6g`."""
    write_tidy(path, table)


def _of_classification(
    labels: Values,
    outputs: Values,
    subjects: list[str],
    threshold: float | None,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    metrics = binary_metrics(labels, outputs)
    used = metrics.optimal_threshold if threshold is None else threshold
    counts = confusion(labels, outputs, threshold=used)
    values = asdict(metrics) | _rates(counts) | {"optimal_threshold": used}
    values |= _calibration_of(labels, outputs)

    def statistics(chosen: Rows) -> dict[str, float]:
        truth, found = labels[chosen], outputs[chosen]
        points = operating_points(truth, found)
        own = optimal_threshold(points) if threshold is None else math.nan
        return {
            ROC_AREA: roc_curve(points).area,
            "area_under_pr_curve": pr_curve(points).area,
            "optimal_threshold": own,
            "cross_entropy": cross_entropy(truth, found),
            "accuracy_at_threshold_05": accuracy_at_half(truth, found),
            **_rates(confusion(truth, found, threshold=used)),
            **_calibration_of(truth, found),
        }

    intervals = bootstrap(statistics, subjects, resamples=resamples, seed=seed)
    is_independent = len(set(subjects)) == len(subjects)
    closed = _closed_forms(metrics, counts, labels) if is_independent else {}
    return _table(values, intervals, closed)


def _rates(counts: Confusion) -> dict[str, float]:
    return {
        "accuracy_at_optimal_threshold": counts.accuracy,
        "false_positive_rate_at_optimal_threshold": counts.false_positive_rate,
        "false_negative_rate_at_optimal_threshold": counts.false_negative_rate,
    }


def _calibration_of(labels: Values, outputs: Values) -> dict[str, float]:
    return {
        "brier_score": brier_score(labels, outputs),
        "expected_calibration_error": expected_calibration_error(labels, outputs),
    }


def _closed_forms(
    metrics: BinaryMetrics, counts: Confusion, labels: Values
) -> dict[str, tuple[Interval, str]]:
    positives = int(np.sum(labels > 0.5))
    negatives = len(labels) - positives
    half = metrics.accuracy_at_threshold_05
    correct_at_half = 0 if math.isnan(half) else round(half * len(labels))
    rates = {
        "accuracy_at_optimal_threshold": (counts.correct, counts.positives + counts.negatives),
        "false_positive_rate_at_optimal_threshold": (counts.false_positives, counts.negatives),
        "false_negative_rate_at_optimal_threshold": (counts.false_negatives, counts.positives),
        "accuracy_at_threshold_05": (correct_at_half, 0 if math.isnan(half) else len(labels)),
    }
    closed = {name: (wilson(*found), "Wilson") for name, found in rates.items()}
    area = newcombe(metrics.area_under_roc_curve, positives=positives, negatives=negatives)
    return closed | {ROC_AREA: (area, "Newcombe")}


def _table(
    values: Mapping[str, float],
    intervals: Mapping[str, Interval],
    closed: Mapping[str, tuple[Interval, str]],
) -> pd.DataFrame:
    rows = []
    for name, value in values.items():
        interval, method = intervals.get(name), BOOTSTRAP
        if name in closed:
            interval, method = closed[name]
        if interval is None or math.isnan(interval.low):
            interval, method = Interval(math.nan, math.nan), NO_METHOD
        rows.append((name, float(value), interval.low, interval.high, method))
    return pd.DataFrame(rows, columns=list(HEADLINE_COLUMNS))
