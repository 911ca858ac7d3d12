"""Which row of a table belongs to which subject and channel? Rows that the model leaves out are gone."""

from collections.abc import Mapping

import pandas as pd

from innereye.data.scalar.layout import ONLY_ROW, Layout
from innereye.errors import DatasetError, list_faults
from innereye.names import natural_key

Row = Mapping[str, str]
RowsOfSubject = Mapping[str, list[Row]]


def table_faults(frame: pd.DataFrame, layout: Layout) -> list[str]:
    """Return what makes a table unreadable: columns that it lacks, or no rows."""
    known = ", ".join(map(str, frame.columns))
    missing = [column for column in layout.columns if column not in frame]
    if missing:
        return [
            f"column '{column}' is missing; the data set has the columns {known}"
            for column in missing
        ]
    if frame.empty:
        return ["the data set has no rows"]
    if filtered(frame, layout).empty:
        wanted = " and ".join(f"{column} = '{value}'" for column, value in layout.expected_values)
        return [f"no row has {wanted}, which expected_column_values asks for"]
    return []


def filtered(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Return the rows with the expected values, which are compared letter by letter.

    Raises:
        DatasetError: the table lacks a column.
    """
    if missing := [column for column, _ in layout.expected_values if column not in frame]:
        faults = [f"column '{column}' is missing" for column in missing]
        raise DatasetError(list_faults("expected_column_values cannot be looked at:", faults))
    for column, value in layout.expected_values:
        frame = frame.loc[frame[column] == value]
    return frame


def used(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Return the rows and columns that items are made of; what else the table has changes nothing."""
    rows = filtered(frame, layout)
    if layout.channel_column:
        rows = rows.loc[rows[layout.channel_column].isin(layout.channels)]
    return rows.loc[:, list(layout.columns)]


def rows_of_subjects(frame: pd.DataFrame, layout: Layout) -> dict[str, RowsOfSubject]:
    """Return the rows of each subject by channel, subjects in natural order of their ids."""
    found: dict[str, dict[str, list[Row]]] = {}
    for row in filtered(frame, layout).to_dict("records"):
        channel = row[layout.channel_column] if layout.channel_column else ONLY_ROW
        found.setdefault(row[layout.subject_column], {}).setdefault(channel, []).append(row)
    return {
        subject: found[subject]
        for subject in sorted(found, key=lambda name: (natural_key(name), name))
    }


def id_faults(frame: pd.DataFrame, layout: Layout) -> list[str]:
    """Return what is wrong with the ids of subjects: blank ones, and stray spaces."""
    subjects = filtered(frame, layout)[layout.subject_column]
    blank = int((subjects.str.strip() == "").sum())
    faults = [f"the subject is blank in {blank} rows"] if blank else []
    return faults + [
        f"subject {name!r}: the id has spaces at its ends"
        for name in dict.fromkeys(subjects)
        if name.strip() and name != name.strip()
    ]
