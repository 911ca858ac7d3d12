"""Which values does a metric have, of each structure? Columns of a metrics table as arrays."""

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from innereye.errors import InnerEyeError
from innereye.names import STRUCTURE

Values = npt.NDArray[np.float64]


def values_of(metrics: pd.DataFrame, metric: str) -> Values:
    """Return a column of numbers."""
    return np.asarray(metrics[metric], dtype=np.float64)


def texts_of(metrics: pd.DataFrame, column: str) -> list[str]:
    """Return a column of texts."""
    return [str(text) for text in metrics[column]]


def values_by_structure(metrics: pd.DataFrame, metric: str) -> dict[str, Values]:
    """Return the values of a metric for each structure, structures in text order."""
    structures = np.asarray(texts_of(metrics, STRUCTURE), dtype=object)
    values = values_of(metrics, metric)
    return {name: values[structures == name] for name in sorted(set(structures))}


def finite(values: Values | Iterable[float]) -> Values:
    """Return the values that are neither missing nor infinite."""
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[np.isfinite(numbers)]


def as_number(text: str, *, path: Path, column: str) -> float:
    """Return the number of a cell, NaN for an empty one.

    Raises:
        InnerEyeError: the cell holds something else; the sentence names file and column.
    """
    if not text:
        return math.nan
    try:
        return float(text)
    except ValueError:
        raise InnerEyeError(
            f"{path}, column {column}: '{text}' is no number; numbers, inf and empty are allowed."
        ) from None
