"""Which rows of a table of results does a report count? Those of one target, in the last epoch."""

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from innereye.errors import InnerEyeError, list_faults
from innereye.metrics.columns import texts_of
from innereye.metrics.scalar.columns import (
    BEST_VALIDATION_EPOCH,
    DEFAULT_TARGET,
    EPOCH,
    FOLD,
    LABEL,
    PREDICTION_TARGET,
)
from innereye.metrics.scalar.table_parts import rows_where, rows_with
from innereye.names import DATA_SPLIT, SUBJECT, natural_key


def rows_of_target(
    table: pd.DataFrame, target: str, *, split: str | None = None, fold: int | None = None
) -> pd.DataFrame:
    """Return the rows of a target that have a label, of a split and a fold where these are given.

    Of several epochs the last one is kept.

    Raises:
        InnerEyeError: a subject has several rows.
    """
    wanted = {PREDICTION_TARGET: target, DATA_SPLIT: split, FOLD: fold}
    rows = rows_where(table, table[LABEL].notna())
    for column, value in wanted.items():
        if value is not None:
            rows = rows_with(rows, column, str(value))
    rows = last_epoch(rows)
    twice = [name for name, count in Counter(texts_of(rows, SUBJECT)).items() if count > 1]
    if twice:
        place = f"target {target}" + ("" if split is None else f" on {split}")
        raise InnerEyeError(
            list_faults(
                f"Subject IDs should be unique: for {place} several rows have the same subject.",
                [f"subject {name}" for name in sorted(twice, key=natural_key)],
            )
        )
    return rows


def last_epoch(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the last epoch; all rows where there is no column of epochs."""
    if EPOCH not in table or not len(table):
        return table
    last = max(texts_of(table, EPOCH), key=epoch_number)
    return rows_with(table, EPOCH, last)


def epoch_number(text: str) -> int:
    """Return the epoch that a field of the column holds; the original's word for its last is -1.

    Raises:
        InnerEyeError: the field is no whole number.
    """
    if text == BEST_VALIDATION_EPOCH:
        return -1
    try:
        return int(text)
    except ValueError:
        raise InnerEyeError(
            f"A row of results has the epoch '{text}'; whole numbers from 0 and "
            f"'{BEST_VALIDATION_EPOCH}' are allowed."
        ) from None


def targets_in(table: pd.DataFrame, order: Sequence[str] | None = None) -> list[str]:
    """Return the targets that have rows: as in `order`, else the default target and then by name."""
    found = set(texts_of(table, PREDICTION_TARGET))
    named: Iterable[str] = order if order is not None else ()
    first = [name for name in named if name in found]
    rest = sorted(found - set(first), key=lambda name: (name != DEFAULT_TARGET, natural_key(name)))
    return [*first, *rest]
