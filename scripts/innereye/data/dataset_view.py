"""What does the Snakefile see of a data set? Its rows, and hashes of them and of their files."""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import pandas as pd

from innereye.configs.model_config import ModelConfig
from innereye.data.cloud_listing import HOW_TO_REACH_IMAGES, is_listed, listed_states
from innereye.data.extra_data import DataSets, folders_in_use, read_all_rows
from innereye.data.identities import FileState, file_states, load_record, rows_hash
from innereye.data.model_splits import fold_of_splits, split_fields_of, splits_of_model
from innereye.data.sheet import REQUIRED_COLUMNS
from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError
from innereye.names import CHANNEL, FILE_PATH, SUBJECT, Split

NO_DATA = "none"


@dataclass(frozen=True, eq=False)
class DatasetView:
    """The data set of a model: read while the Snakefile is parsed, so images are never opened.

    `record` is the file with what earlier checks saw, `folder` holds the table, and beside it the
    images or the list of those in the cloud; None where neither is known.
    """

    model: ModelConfig
    record: Path
    number_of_folds: int
    folder: Path | None

    @cached_property
    def frame(self) -> pd.DataFrame | None:
        """The rows of the data set, or None where it is not there (yet).

        Raises:
            DatasetError: the table lacks a column.
        """
        if self.folder is None or not (self.folder / self._field("dataset_csv")).is_file():
            return None
        csv_path = self.folder / self._field("dataset_csv")
        frame = read_all_rows(self.folder, self.data_sets)
        missing = [column for column in REQUIRED_COLUMNS if column not in frame]
        if missing:
            raise DatasetError(
                f"{csv_path} has no column {' and no column '.join(missing)}; its columns are "
                f"{', '.join(frame.columns)}."
            )
        return frame

    @cached_property
    def file_states(self) -> dict[str, FileState]:
        """Size, time and identity of each file of the data set, by the path in its row."""
        if self.frame is None or self.folder is None:
            return {}
        if is_listed(self.folder):
            return listed_states(self.frame[FILE_PATH], self.folder)
        return file_states(
            self.frame[FILE_PATH],
            load_record(self.record),
            root=self.folder,
            extra_folders=folders_in_use(self.data_sets),
        )

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
        return splits_of_model(self.model, split_fields_of(self.model), self.frame)

    def rows(self, fold: int, *names: str, images_only: bool = False) -> str:
        """Return a hash of the rows and files of some splits; `none` where there is no data set.

        The name of its split counts with each row, and rows of channels that the model does not use
        do not. `images_only` leaves out rows of structures.
        """
        if self.frame is None:
            return NO_DATA
        tables = {name: self.splits(fold)[Split(name)] for name in names}
        if images_only:
            tables = {name: self._images_of(table) for name, table in tables.items()}
        else:
            tables = {name: self._used_of(table) for name, table in tables.items()}
        return short_hash(sorted((name, self._hash_of(rows)) for name, rows in tables.items()))

    def table(self, fold: int, name: str) -> str:
        """Return a hash of a split's whole table and of its files; masks of Test are left out.

        The network sees masks of Train and Val, but a corrected mask of Test changes scores only.
        """
        if self.frame is None:
            return NO_DATA
        rows = self.splits(fold)[Split(name)]
        seen = self._images_of(rows) if Split(name) is Split.TEST else self._used_of(rows)
        return short_hash([rows.to_csv(index=False), self._hash_of(seen)])

    @property
    def all_rows(self) -> str:
        """A hash of the whole table and of all files of the data set."""
        if self.frame is None:
            return NO_DATA
        return short_hash(
            [self.frame.to_csv(index=False), self._hash_of(self._used_of(self.frame))]
        )

    @property
    def times(self) -> str:
        """A hash of the times of all files, so that a touched one is looked at again."""
        return short_hash(sorted((path, s.mtime_ns) for path, s in self.file_states.items()))

    @property
    def missing(self) -> str:
        """Which data the run lacks, and how to give it; empty where nothing is missing."""
        if self.frame is not None:
            return ""
        model, folder = type(self.model).__name__, self.folder
        if folder is None:
            data_set = self._field("azure_dataset_id")
            return f"{model} names the data set '{data_set}' in the cloud storage. {HOW_TO_REACH_IMAGES}"
        hint = " `snakemake make_phantoms` makes it." if model == "HelloWorld" else ""
        return f"{folder} has no {self._field('dataset_csv')}, the data set of {model}.{hint}"

    def _images_of(self, rows: pd.DataFrame) -> pd.DataFrame:
        channels = [*self._field("image_channels"), self._field("mask_id")]
        return rows.loc[rows[CHANNEL].isin(channels)]

    def _used_of(self, rows: pd.DataFrame) -> pd.DataFrame:
        structures = rows[CHANNEL].isin(self._field("ground_truth_ids"))
        return pd.concat([self._images_of(rows), rows.loc[structures]])

    def _hash_of(self, rows: pd.DataFrame) -> str:
        identities = {path: state.identity for path, state in self.file_states.items()}
        cells = (rows[column] for column in (SUBJECT, CHANNEL, FILE_PATH))
        return rows_hash(zip(*cells, strict=True), identities)

    @property
    def data_sets(self) -> DataSets:
        """The fields of the model that say which data sets it reads."""
        return cast("DataSets", self.model)

    def _field(self, name: str) -> Any:
        return getattr(self.model, name)


def short_hash(value: object) -> str:
    """Return a hash of plain values, sixteen hexadecimal digits."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
