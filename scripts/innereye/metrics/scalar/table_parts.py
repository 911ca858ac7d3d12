"""Which rows and columns of a table are meant? Parts of tables as tables of their own."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from innereye.metrics.columns import texts_of


def rows_where(table: pd.DataFrame, is_chosen: npt.ArrayLike) -> pd.DataFrame:
    """Return the rows for which `is_chosen`, (rows,), is true, numbered from 0."""
    places = np.flatnonzero(np.asarray(is_chosen, dtype=bool))
    return table.iloc[places].reset_index(drop=True)


def rows_with(table: pd.DataFrame, column: str, text: str) -> pd.DataFrame:
    """Return the rows that hold a text in a column, numbered from 0."""
    return rows_where(table, [found == text for found in texts_of(table, column)])


def columns_in_order(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return some columns of a table, in the order given, rows numbered from 0."""
    return pd.DataFrame({name: table[name] for name in columns}).reset_index(drop=True)
