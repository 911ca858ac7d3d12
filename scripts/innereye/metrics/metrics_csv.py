"""What do `metrics.csv` and `surface_metrics.csv` hold? Scores to tables to text, and back."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.errors import InnerEyeError
from innereye.io.files import read_table, write_table
from innereye.metrics.columns import as_number
from innereye.metrics.structure_score import StructureScore
from innereye.names import (
    DICE,
    HAUSDORFF,
    HAUSDORFF_95,
    MEAN_DISTANCE,
    METRIC_COLUMNS,
    PATIENT,
    STRUCTURE,
    SURFACE_DICE,
    SURFACE_METRIC_COLUMNS,
)

FIELD_OF_METRIC = {
    DICE: "dice",
    HAUSDORFF: "hausdorff_mm",
    MEAN_DISTANCE: "mean_distance_mm",
    HAUSDORFF_95: "hausdorff_95_mm",
    SURFACE_DICE: "surface_dice",
}


def metrics_frame(rows: Iterable[StructureScore]) -> pd.DataFrame:
    """Return the table of `metrics.csv`: three decimals, by structure, then Dice, worst first.

    Subjects of equal Dice come in text order of their ids; those without Dice come last.
    """
    return _frame(rows, METRIC_COLUMNS, sorted_by=DICE)


def surface_metrics_frame(rows: Iterable[StructureScore]) -> pd.DataFrame:
    """Return the table of `surface_metrics.csv`: as `metrics_frame`, sorted by surface Dice."""
    return _frame(rows, SURFACE_METRIC_COLUMNS, sorted_by=SURFACE_DICE)


def write_metrics(path: Path, metrics: pd.DataFrame) -> None:
    """Write a table of texts and numbers: three decimals, NaN an empty field, infinity `inf`."""
    texts = {
        column: [as_text(value) for value in metrics[column]]
        if pd.api.types.is_numeric_dtype(metrics[column])
        else metrics[column]
        for column in metrics
    }
    write_table(path, pd.DataFrame(texts, columns=metrics.columns))


def read_metrics(path: Path) -> pd.DataFrame:
    """Return a metrics or surface-metrics file: Patient and Structure as text, the rest as numbers.

    Raises:
        InnerEyeError: the file is missing, has no metric, or a field is not a number.
    """
    table = read_table(path)
    metrics = [column for column in FIELD_OF_METRIC if column in table]
    if not metrics or PATIENT not in table or STRUCTURE not in table:
        raise InnerEyeError(
            f"{path} is not a table of metrics: its columns are {', '.join(table.columns)}; it "
            f"needs {PATIENT}, {STRUCTURE} and some of {', '.join(FIELD_OF_METRIC)}."
        )
    for column in metrics:
        table[column] = [as_number(text, path=path, column=column) for text in table[column]]
    return table


def as_text(value: float) -> str:
    """Return a number with three decimals; NaN is empty, infinity `inf`."""
    return "" if math.isnan(value) else f"{value:.3f}"


def _frame(
    rows: Iterable[StructureScore], columns: Sequence[str], *, sorted_by: str
) -> pd.DataFrame:
    rows = sorted(rows, key=lambda row: (row.subject, row.structure))
    content: dict[str, list[str] | np.ndarray] = {
        PATIENT: [row.subject for row in rows],
        STRUCTURE: [row.structure for row in rows],
    }
    for column in columns:
        values = [getattr(row, FIELD_OF_METRIC[column]) for row in rows]
        content[column] = np.array([float(f"{value:.3f}") for value in values], dtype=np.float64)
    # Sorting by two keys is stable in pandas: equal rows keep the order of the ids.
    return pd.DataFrame(content).sort_values([STRUCTURE, sorted_by], ignore_index=True)
