"""How are tables of tests and limits written? Six significant digits, one observation per row."""

import math
from pathlib import Path

import pandas as pd

from innereye.io.files import write_table


def write_tidy(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as csv: numbers `%.6g`, NaN an empty field, infinity `inf`.

    Texts and whole numbers stay as they are; of a table without rows the header is written.
    """
    texts = {
        column: [_as_text(value) for value in frame[column]]
        if pd.api.types.is_float_dtype(frame[column])
        else frame[column]
        for column in frame
    }
    write_table(path, pd.DataFrame(texts, columns=frame.columns))


def _as_text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"
