"""How good is an epoch on Val, in one number to choose by? Dice, or the error of a scalar model."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.io.files import read_table
from innereye.metrics.aggregates import mean_dice
from innereye.metrics.columns import values_of
from innereye.metrics.metrics_csv import read_metrics
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT, PREDICTION_TARGET
from innereye.metrics.scalar.result_files import read_results
from innereye.metrics.scalar.table_parts import rows_with
from innereye.metrics.scalar.target_rows import targets_in

OF_DICE = "the best mean Dice"
OF_ERROR = "the smallest squared error"


def quality(tables: Sequence[Path]) -> float:
    """Return the quality of the rows of all tables together, larger is better; NaN without any.

    Of `metrics.csv` of a segmentation it is the mean Dice, of one of a scalar model minus the mean
    over its targets of the squared error, a share of the variance of the labels where they have
    some. For a classification that is the Brier score: it is there for one class, too, and no
    target outweighs others by its unit.
    """
    if is_scalar(tables):
        return -_squared_error(pd.concat([read_results(path) for path in tables]))
    filled = [table for table in map(read_metrics, tables) if len(table)]
    return mean_dice(pd.concat(filled)) if filled else math.nan


def measure(tables: Sequence[Path]) -> str:
    """Return what `quality` looks at, in words."""
    return OF_ERROR if is_scalar(tables) else OF_DICE


def is_scalar(tables: Sequence[Path]) -> bool:
    """Are these tables of a scalar model?"""
    return any(MODEL_OUTPUT in read_table(path) for path in tables)


def _squared_error(rows: pd.DataFrame) -> float:
    found = []
    for target in targets_in(rows):
        chosen = rows_with(rows, PREDICTION_TARGET, target)
        labels, outputs = values_of(chosen, LABEL), values_of(chosen, MODEL_OUTPUT)
        known = ~np.isnan(labels)
        if known.any():
            error = float(np.mean((labels[known] - outputs[known]) ** 2))
            variance = float(np.var(labels[known]))
            found.append(error / variance if variance > 0 else error)
    return math.fsum(found) / len(found) if found else math.nan
