"""How do results of scalar models become files? `metrics.csv` and `model_outputs.csv`, both ways."""

from pathlib import Path

import numpy as np
import pandas as pd

from innereye.errors import InnerEyeError
from innereye.io.files import read_table
from innereye.metrics.columns import as_number
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT, PREDICTION_TARGET
from innereye.metrics.scalar.number_texts import write_numbers
from innereye.names import SUBJECT

DECIMALS = 6


def write_results(path: Path, table: pd.DataFrame) -> None:
    """Write a table of results: six decimals, NaN an empty field; the header alone without rows."""
    write_numbers(path, table, decimals=DECIMALS)


def read_results(path: Path) -> pd.DataFrame:
    """Return a table of results, ours or the original's: label and model_output are numbers.

    All other columns are texts: a target `01` stays so. An empty field is NaN.

    Raises:
        InnerEyeError: the file is missing, lacks a column, or has a field that is no number.
    """
    table = read_table(path)
    needed = (PREDICTION_TARGET, SUBJECT, LABEL, MODEL_OUTPUT)
    if missing := [column for column in needed if column not in table]:
        raise InnerEyeError(
            f"{path} is not a table of a scalar model's results: it has no column "
            f"{' and no '.join(missing)}; its columns are {', '.join(table.columns)}."
        )
    for column in (LABEL, MODEL_OUTPUT):
        numbers = [as_number(text, path=path, column=column) for text in table[column]]
        table[column] = np.array(numbers, dtype=np.float64)
    return table
