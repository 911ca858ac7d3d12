"""What does the Snakefile see of a data set? Its rows, and hashes of them and of their files."""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from innereye.configs.model_config import ModelConfig
from innereye.data.cloud_listing import HOW_TO_REACH_IMAGES, is_listed, listed_states
from innereye.data.dataset import read_dataset
from innereye.data.folds import k_fold
from innereye.data.identities import FileState, file_states, load_record, rows_hash
from innereye.data.sheet import REQUIRED_COLUMNS
from innereye.data.splits import DatasetSplits, values_of
from innereye.errors import DatasetError, InnerEyeError
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
        csv_path = self.folder / self._field("dataset_csv") if self.folder else None
        if csv_path is None or not csv_path.is_file():
            return None
        frame = read_dataset(csv_path)
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
        return file_states(self.frame[FILE_PATH], load_record(self.record), root=self.folder)

    @cache  # noqa: B019  one view lives as long as its process
    def splits(self, fold: int) -> DatasetSplits:
        """Return the rows of Train, Val and Test of a fold; -1 stands for no cross-validation.

        Raises:
            DatasetError: there is no data set, or it has too few subjects.
        """
        if self.frame is None:
            raise DatasetError(self.missing)
        splits = self._own_splits(self.frame.copy())
        if splits is None:
            splits = self._split_by_fields(self.frame)
        if fold < 0:
            return splits
        return k_fold(
            self._grouped(splits),
            fold,
            self.number_of_folds,
            stratify_column=self._field("stratify_column"),
            by_hash=self._field("split_by_hash"),
        )

    def _grouped(self, splits: DatasetSplits) -> DatasetSplits:
        """Return splits whose folds keep the groups of the field, where a split of the user's has none."""
        column = self._field("group_column")
        if splits.group_column or not column or self.frame is None:
            return splits
        values_of(self.frame, column)  # says which columns there are
        both = pd.concat([splits.train, splits.val])
        # Groups may lie in Train and Val both, as these are parted anew; not in Test.
        return DatasetSplits(both, both.iloc[:0], splits.test, column, allow_empty=True)

    def _split_by_fields(self, frame: pd.DataFrame) -> DatasetSplits:
        train, val, test = self._field("split_proportions")
        seed, group_column = self._field("split_seed"), self._field("group_column")
        if self._field("split_by_hash"):
            return DatasetSplits.from_hash(
                frame, train, test, val, seed=seed, group_column=group_column
            )
        return DatasetSplits.from_proportions(
            frame,
            train,
            test,
            val,
            random_seed=seed,
            group_column=group_column,
            exact=self._field("exact_split"),
        )

    def _own_splits(self, frame: pd.DataFrame) -> DatasetSplits | None:
        method = f"{type(self.model).__name__}.get_model_train_test_dataset_splits"
        try:
            splits = self.model.get_model_train_test_dataset_splits(frame)
        except InnerEyeError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise DatasetError(f"{method} failed on the data set: {reason}") from error
        if splits is not None and not isinstance(splits, DatasetSplits):
            kind = type(splits).__name__
            raise DatasetError(f"{method} must return DatasetSplits; it returned a {kind}.")
        return splits

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

    def _field(self, name: str) -> Any:
        return getattr(self.model, name)


def short_hash(value: object) -> str:
    """Return a hash of plain values, sixteen hexadecimal digits."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
