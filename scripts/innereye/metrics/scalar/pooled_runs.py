"""What did all folds of a cross-validation say? Their rows in one table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.errors import InnerEyeError, list_faults
from innereye.metrics.scalar.columns import (
    ALL_RUNS_COLUMNS,
    EPOCH,
    FOLD,
    LABEL,
    MODEL_OUTPUT,
    NO_FOLD,
)
from innereye.metrics.scalar.result_files import read_results, write_results
from innereye.metrics.scalar.table_parts import columns_in_order, rows_where, rows_with
from innereye.metrics.scalar.target_rows import epoch_number
from innereye.names import DATA_SPLIT, Split, natural_key


def pool_folds(
    files: Mapping[str, Sequence[Path]], *, number_of_folds: int, epoch: int | None = None
) -> pd.DataFrame:
    """Return the rows of all folds; columns are ALL_RUNS_COLUMNS.

    `files`: for each mode the metrics.csv of every fold, or none. Rows of other modes, and with
    `epoch` (counted from 0) those of other epochs, are left out. Rows of an ensemble do not belong
    here: it has seen what a fold has not.

    Raises:
        InnerEyeError: some folds have no file of a mode, or a file cannot be used.
    """
    _require_all_folds(files, number_of_folds)
    parts = [_part(path, mode) for mode, paths in files.items() for path in paths]
    pooled = pd.concat([pd.DataFrame(columns=list(ALL_RUNS_COLUMNS)), *parts], ignore_index=True)
    pooled = pooled.astype({LABEL: np.float64, MODEL_OUTPUT: np.float64})
    if epoch is not None:
        pooled = rows_with(pooled, EPOCH, str(epoch))
    return pooled


def all_runs_table(pooled: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `MetricsAcrossAllRuns.csv`: rows of Val and Test, sorted by all columns.

    A subject of Train is in several folds: its rows are left out. Rows that differ in nothing but
    the output become one, with the mean output. Subjects and targets sort as names with numbers.
    """
    kept = rows_where(pooled, pooled[DATA_SPLIT].isin([Split.VAL, Split.TEST]))
    keys = [column for column in ALL_RUNS_COLUMNS if column != MODEL_OUTPUT]
    groups = kept.groupby(keys, dropna=False, sort=False)[MODEL_OUTPUT]
    means = groups.agg(["mean"]).reset_index().set_axis([*keys, MODEL_OUTPUT], axis="columns")
    merged = columns_in_order(means, ALL_RUNS_COLUMNS)
    return merged.sort_values(list(ALL_RUNS_COLUMNS), key=_sorting_key, ignore_index=True)


def write_all_runs(path: Path, table: pd.DataFrame) -> None:
    """Write `MetricsAcrossAllRuns.csv`: six decimals, as `metrics.csv`."""
    write_results(path, table)


def _require_all_folds(files: Mapping[str, Sequence[Path]], number_of_folds: int) -> None:
    faults = [
        f"{mode}: {len(paths)} runs ({', '.join(map(str, paths))})"
        for mode, paths in files.items()
        if len(paths) not in (0, number_of_folds)
    ]
    if faults:
        title = (
            f"Unexpected number(s) of runs to evaluate for mode(s); {number_of_folds} folds allow "
            f"0 or {number_of_folds} for each mode:"
        )
        raise InnerEyeError(list_faults(title, faults))


def _part(path: Path, mode: str) -> pd.DataFrame:
    rows = read_results(path)
    if EPOCH not in rows:
        raise InnerEyeError(f"{path} has no column {EPOCH}: it is not a metrics.csv of a fold.")
    if DATA_SPLIT not in rows:
        rows[DATA_SPLIT] = str(mode)
    if FOLD not in rows:
        rows[FOLD] = str(NO_FOLD)
    return columns_in_order(rows_with(rows, DATA_SPLIT, str(mode)), ALL_RUNS_COLUMNS)


def _sorting_key(column: pd.Series) -> pd.Series:
    if column.name in {LABEL, MODEL_OUTPUT}:
        return column
    key = epoch_number if column.name == EPOCH else natural_key
    order = {text: place for place, text in enumerate(sorted(set(column), key=key))}
    return column.map(order)
