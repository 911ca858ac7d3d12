"""How good are the scores of a split as a whole? Summaries of `metrics.csv` over subjects."""

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values, texts_of, values_by_structure, values_of
from innereye.metrics.metrics_csv import write_metrics
from innereye.names import DICE, METRIC_COLUMNS, PATIENT, STRUCTURE

COUNT = "count"
# The name that metrics_aggregates.csv has always used for Dice in 0..1.
DICE_NUMERIC = "DiceNumeric"
STATISTICS = ("mean", "std", "min", "max")


def aggregates(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per structure: count, then mean, std (n-1), minimum, maximum of each metric.

    Missing values are left out and reduce `count`; an infinite value makes the mean infinite and
    leaves no standard deviation. Every structure has its row, however alike two structures are.
    """
    rows: dict[str, dict[str, str | float]] = {}
    for metric in METRIC_COLUMNS:
        name = DICE_NUMERIC if metric == DICE else metric
        for structure, values in values_by_structure(metrics, metric).items():
            present = values[~np.isnan(values)]
            row = rows.setdefault(structure, {STRUCTURE: structure, COUNT: float(len(present))})
            row |= {f"{name}_{key}": value for key, value in _statistics(present).items()}
    names = [DICE_NUMERIC if metric == DICE else metric for metric in METRIC_COLUMNS]
    columns = [f"{name}_{statistic}" for name in names for statistic in STATISTICS]
    return pd.DataFrame(list(rows.values()), columns=[STRUCTURE, COUNT, *columns])


def write_aggregates(path: Path, metrics: pd.DataFrame) -> None:
    """Write `metrics_aggregates.csv` for the table of `metrics.csv`."""
    write_metrics(path, aggregates(metrics))


def mean_dice(metrics: pd.DataFrame) -> float:
    """Return the mean over subjects of their mean Dice over structures.

    Missing values are left out, and so are subjects without any Dice; NaN if no subject is left.
    """
    of_subject: defaultdict[str, list[float]] = defaultdict(list)
    for subject, value in zip(texts_of(metrics, PATIENT), values_of(metrics, DICE), strict=True):
        if not math.isnan(value):
            of_subject[subject].append(float(value))
    means = [math.fsum(values) / len(values) for values in of_subject.values()]
    return math.fsum(means) / len(means) if means else math.nan


def _statistics(values: Values) -> dict[str, float]:
    if not len(values):
        return dict.fromkeys(STATISTICS, math.nan)
    has_spread = len(values) > 1 and bool(np.isfinite(values).all())
    return {
        "mean": float(np.mean(values)),
        "std": float(np.std(values, ddof=1)) if has_spread else math.nan,
        "min": float(np.min(values)),
        "max": float(np.max(values)),
    }
