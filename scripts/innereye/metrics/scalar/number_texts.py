"""How are the numbers of scalar result files written? Fixed decimals, an empty field for NaN."""

import math
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from innereye.io.files import write_table


def number_text(value: float, decimals: int) -> str:
    """Return a number with so many decimals; NaN is empty, infinity `inf`."""
    return "" if math.isnan(value) else f"{value:.{decimals}f}"


def write_numbers(
    path: Path, frame: pd.DataFrame, *, decimals: int, columns: Iterable[str] | None = None
) -> None:
    """Write a table as csv: the columns given, else all floats, with so many decimals."""
    chosen = set(frame.select_dtypes("float").columns if columns is None else columns)
    texts = {
        column: [number_text(float(value), decimals) for value in frame[column]]
        if column in chosen
        else frame[column]
        for column in frame
    }
    write_table(path, pd.DataFrame(texts, columns=frame.columns))
