"""What does the Snakefile see of a scalar model's table? Its rows, and hashes of them and of their files."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from innereye.configs.model_config import ModelConfig
from innereye.data.cloud_listing import (
    HOW_TO_REACH_IMAGES,
    is_listed,
    listed_files,
    listed_states,
)
from innereye.data.dataset import read_dataset
from innereye.data.dataset_view import NO_DATA, short_hash
from innereye.data.identities import FileState, file_states, load_record
from innereye.data.model_splits import fold_of_splits, split_fields_of, splits_of_model
from innereye.data.scalar.files_by_name import FilesByName, files_below
from innereye.data.scalar.items import NO_FILES
from innereye.data.scalar.layout import Layout
from innereye.data.scalar.rows import filtered, table_faults
from innereye.data.scalar.table_hash import categories_hash, image_paths, rows_hash
from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError, list_faults
from innereye.names import Split


@dataclass(frozen=True, eq=False)
class ItemView:
    """The table of a scalar model: read while the Snakefile is parsed, so images are never opened.

    `table_file` is its place, with the images or the list of those in the cloud beside it, or None where it
    is not known; `record` is the file with what earlier checks saw.
    """

    model: ModelConfig
    layout: Layout
    record: Path
    number_of_folds: int
    table_file: Path | None

    @cached_property
    def frame(self) -> pd.DataFrame | None:
        """The rows that the model reads, or None where the table is not there (yet).

        Raises:
            DatasetError: the table lacks columns, or rows.
        """
        if self.table_file is None or not self.table_file.is_file():
            return None
        frame = read_dataset(self.table_file)
        if faults := table_faults(frame, self.layout):
            raise DatasetError(list_faults(f"{self.table_file} is not usable:", faults))
        return filtered(frame, self.layout)

    @cached_property
    def paths(self) -> dict[str, str]:
        """The path of each image, by what stands in the table."""
        if self.frame is None or self.table_file is None:
            return {}
        folder = self.table_file.parent
        files = NO_FILES
        if self.layout.finds_files_by_name:
            listed = is_listed(folder)
            files = FilesByName(listed_files(folder)) if listed else files_below(folder)
        return image_paths(self.frame, self.layout, files)

    @cached_property
    def file_states(self) -> dict[str, FileState]:
        """Size, time and identity of each image, by its path."""
        if self.table_file is None:
            return {}
        folder = self.table_file.parent
        if is_listed(folder):
            return listed_states(self.paths.values(), folder)
        return file_states(self.paths.values(), load_record(self.record), root=folder)

    @cache  # noqa: B019  one view lives as long as its process
    def splits(self, fold: int) -> DatasetSplits:
        """Return the rows of Train, Val and Test of a fold; -1 stands for no cross-validation.

        Raises:
            DatasetError: there is no data set, or it has too few subjects.
        """
        return fold_of_splits(self._splits, split_fields_of(self.model), fold, self.number_of_folds)

    @cached_property
    def _splits(self) -> DatasetSplits:
        if self.frame is None:
            raise DatasetError(self.missing)
        column = self.layout.subject_column
        return splits_of_model(self.model, split_fields_of(self.model), self.frame, column)

    def rows(self, fold: int, *names: str) -> str:
        """Return a hash of what items of some splits are made of; `none` where there is no data set.

        The name of its split counts with each row. So do the categories of the whole table: with another
        one the network has other inputs.
        """
        if self.frame is None:
            return NO_DATA
        tables = {name: self.splits(fold)[Split(name)] for name in names}
        hashes = sorted((name, self._hash_of(rows)) for name, rows in tables.items())
        return short_hash([categories_hash(self.frame, self.layout), hashes])

    def table(self, fold: int, name: str) -> str:
        """Return a hash of a split's whole table, columns that no one reads included, and of its files."""
        if self.frame is None:
            return NO_DATA
        rows = self.splits(fold)[Split(name)]
        return short_hash([rows.to_csv(index=False), self._hash_of(rows)])

    @property
    def all_rows(self) -> str:
        """A hash of all rows and of all files that the model reads."""
        if self.frame is None:
            return NO_DATA
        return short_hash([self.frame.to_csv(index=False), self._hash_of(self.frame)])

    @property
    def times(self) -> str:
        """A hash of the times of all files, so that a touched one is looked at again."""
        return short_hash(sorted((path, s.mtime_ns) for path, s in self.file_states.items()))

    @property
    def missing(self) -> str:
        """Which data the run lacks, and how to give it; empty where nothing is missing."""
        if self.frame is not None:
            return ""
        name = type(self.model).__name__
        if self.table_file is None:
            data_set = self.model.azure_dataset_id
            return f"{name} names the data set '{data_set}' in the cloud storage. {HOW_TO_REACH_IMAGES}"
        return f"{self.table_file.parent} has no {self.table_file.name}, the data set of {name}."

    def _hash_of(self, rows: pd.DataFrame) -> str:
        return rows_hash(rows, self.layout, self.paths, self.file_states)
