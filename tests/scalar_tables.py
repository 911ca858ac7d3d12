"""What do tests of scalar models read? Small tables of items, whole or broken."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.configs.fields.scalar_data import ScalarDataFields
from innereye.data.scalar.layout import Layout, layout_of
from innereye.io.files import read_table, write_table
from innereye.io.geometry import unit_geometry
from innereye.io.image import write_image

SIZE = (4, 6, 5)
FIELDS = {
    "image_channels": ["week0", "week1"],
    "image_file_column": "file",
    "label_channels": ["week1"],
    "label_value_column": "label",
    "numerical_columns": ["age"],
    "categorical_columns": ["sex"],
}
COLUMNS = ["subject", "channel", "file", "label", "age", "sex", "site"]


def layout(*, is_regression: bool = False, **fields: object) -> Layout:
    """Return the layout of FIELDS, some of them replaced."""
    return layout_of(ScalarDataFields(**{**FIELDS, **fields}), is_regression=is_regression)


def one_row_layout(*, is_regression: bool = False, **fields: object) -> Layout:
    """Return the layout of a table with one row for each subject, which names no channels."""
    stated = {"label_value_column": "label", **fields}
    return layout_of(ScalarDataFields(**stated), is_regression=is_regression)


def table(subjects: tuple[str, ...] = ("1", "2", "10")) -> pd.DataFrame:
    """Return a table without faults that fits FIELDS: two rows for each subject, and one of no use."""
    rows = []
    for number, subject in enumerate(subjects):
        label = "true" if number % 2 else "false"
        age, sex = str(40 + 10 * number), ("female", "male")[number % 2]
        for channel, text in (("week0", ""), ("week1", label), ("note", "?")):
            rows.append((subject, channel, f"{subject}_{channel}.nii.gz", text, age, sex, "north"))
    return pd.DataFrame(rows, columns=COLUMNS)


def labels_table(*labels: str, **columns: list[str]) -> pd.DataFrame:
    """Return a table of one row for each label, subjects 0, 1, ..."""
    subjects = [str(number) for number in range(len(labels))]
    return pd.DataFrame({"subject": subjects, "label": list(labels), **columns}, dtype=object)


def write_items(folder: Path) -> Path:
    """Write a data set without faults that fits FIELDS, and return its dataset.csv."""
    frame = table()
    for number, path in enumerate(frame["file"]):
        voxels = np.random.default_rng([3, number]).integers(0, 99, SIZE).astype(np.int16)
        write_image(folder / path, voxels, unit_geometry(SIZE))
    write_table(folder / "dataset.csv", frame)
    return folder / "dataset.csv"


Change = Callable[[pd.DataFrame], pd.DataFrame]


def cell(subject: str, channel: str, column: str, value: str) -> Change:
    """Return what changes one cell of a table."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = (frame["subject"] == subject) & (frame["channel"] == channel)
        assert chosen.any()
        frame.loc[chosen, column] = value
        return frame

    return change


def without_row(subject: str, channel: str) -> Change:
    """Return what takes one row out of a table."""
    return lambda frame: frame[(frame["subject"] != subject) | (frame["channel"] != channel)]


def with_row_twice(subject: str, channel: str) -> Change:
    """Return what repeats one row of a table."""
    return lambda frame: pd.concat(
        [frame, frame[(frame["subject"] == subject) & (frame["channel"] == channel)]]
    )


def edit(csv_path: Path, change: Change) -> None:
    """Change a table on disk."""
    write_table(csv_path, change(read_table(csv_path)))
