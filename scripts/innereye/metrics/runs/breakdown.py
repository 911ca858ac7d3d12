"""How good is Dice in each mode and structure, over all runs? The two files of the break-down."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from innereye.metrics.metrics_csv import write_metrics
from innereye.names import DICE, MODE, STRUCTURE

STATISTIC_OF_COLUMN = {"mean": "mean", "50%": "median", "min": "min", "max": "max"}


def results_by_mode_and_structure(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean, median and extremes of Dice over all rows of each mode and structure, sorted.

    `table` is the runs table. Missing values are left out; a group that has no other has its row.
    """
    return _statistics(table, (MODE, STRUCTURE))


def results_by_mode(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean, median and extremes of Dice over all rows of each mode, sorted."""
    return _statistics(table, (MODE,))


def write_breakdown(path: Path, frame: pd.DataFrame) -> None:
    """Write a table of this file: three decimals, NaN an empty field; the header alone if none."""
    write_metrics(path, frame)


def _statistics(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    groups = table.groupby(list(keys))[DICE]
    frame = groups.agg(list(STATISTIC_OF_COLUMN.values())).reset_index()
    return frame.set_axis([*keys, *STATISTIC_OF_COLUMN], axis="columns")
