"""What do several data sets have together? The rows of their tables, each file below its own folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pandas as pd

from innereye.data.dataset import read_dataset
from innereye.data.sheet import REQUIRED_COLUMNS, path_fault
from innereye.errors import DatasetError, list_faults
from innereye.io.location import in_extra_folder
from innereye.names import FILE_PATH, SUBJECT


class DataSets(Protocol):
    """The fields that say which data sets a model reads."""

    @property
    def dataset_csv(self) -> str:
        """Name of the table in each folder."""
        ...

    @property
    def use_extra_datasets(self) -> bool:
        """Are the subjects of the extra folders added?"""
        ...

    @property
    def extra_local_dataset_paths(self) -> Sequence[Path]:
        """Folders of the extra data sets."""
        ...


def folders_in_use(fields: DataSets) -> list[Path]:
    """Return the folders of the extra data sets whose subjects are added."""
    return list(fields.extra_local_dataset_paths) if fields.use_extra_datasets else []


def read_all_rows(folder: Path, fields: DataSets) -> pd.DataFrame:
    """Return the rows of a data set, and behind them those of the extra ones where they are used.

    Extra rows have their number in filePath, `extra_local_dataset_paths[0]/...`, which `locate` turns
    into a place. A column that a table lacks is empty there.

    Raises:
        DatasetError: a table is missing or lacks a column, or data sets share a subject.
    """
    first = read_dataset(folder / fields.dataset_csv)
    tables = [first]
    for number, extra in enumerate(folders_in_use(fields)):
        tables.append(_extra_rows(extra / fields.dataset_csv, number))
    if len(tables) == 1:
        return first
    if complaint := _shared_subjects(tables):
        raise DatasetError(complaint)
    return pd.concat(tables, ignore_index=True).fillna("")


def missing_folders(fields: DataSets) -> str:
    """Return which folders of extra data sets are not there, or nothing."""
    missing = [
        f"extra_local_dataset_paths[{number}]: {folder} is no folder."
        for number, folder in enumerate(fields.extra_local_dataset_paths)
        if not folder.is_dir()
    ]
    return list_faults("Extra data sets are missing:", missing) if missing else ""


def _extra_rows(table: Path, number: int) -> pd.DataFrame:
    frame = read_dataset(table)
    if missing := [column for column in REQUIRED_COLUMNS if column not in frame]:
        raise DatasetError(f"{table} has no column {' and no column '.join(missing)}.")
    # A path that is wrong in itself stays as it is, and the check of the data set names it.
    frame[FILE_PATH] = [
        path if path_fault(path) else in_extra_folder(path, number) for path in frame[FILE_PATH]
    ]
    return frame


def _shared_subjects(tables: Sequence[pd.DataFrame]) -> str:
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, table in enumerate(tables):
        subjects = table[SUBJECT].unique() if SUBJECT in table else []
        faults += [
            f"subject {subject} is in data set {seen[subject]} and in data set {number}"
            for subject in subjects
            if subject in seen
        ]
        seen |= dict.fromkeys(subjects, number)
    if not faults:
        return ""
    title = "Data sets share subjects; rename them (0 is local_dataset, 1 the first extra one):"
    return list_faults(title, faults)
