"""Which subjects train, which validate, which test? Splits of a data set's rows."""

import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from innereye.configs.restriction import RECEIVES
from innereye.data.hash_splits import hash_split
from innereye.data.institutions import InstitutionRules, institution_ranges
from innereye.data.proportions import (
    check_proportions,
    exact_ranges,
    original_ranges,
    parse_restriction,
)
from innereye.errors import DatasetError, list_faults
from innereye.names import INSTITUTION, SUBJECT, Split, natural_key

logger = logging.getLogger(__name__)

NAMES_SHOWN = 10


@dataclass(frozen=True)
class DatasetSplits:
    """The rows of each split. No subject and no group is in two splits; only Test may be empty."""

    train: pd.DataFrame
    val: pd.DataFrame
    test: pd.DataFrame
    group_column: str | None = None
    allow_empty: bool = False
    subject_column: str = SUBJECT

    def __post_init__(self) -> None:
        """Check what every set of splits must keep to."""
        faults = [
            fault
            for column in (self.subject_column, self.group_column)
            if column
            for fault in self._shared(column)
        ]
        if not self.allow_empty:
            faults += [f"split {s} is empty" for s in (Split.TRAIN, Split.VAL) if self[s].empty]
        if faults:
            raise DatasetError(list_faults("The splits are not usable:", faults))

    def __getitem__(self, split: Split) -> pd.DataFrame:
        """Return the rows of a split."""
        return {Split.TRAIN: self.train, Split.VAL: self.val, Split.TEST: self.test}[split]

    def subjects(self, split: Split) -> list[str]:
        """Return the distinct subjects of a split in order of appearance."""
        return values_of(self[split], self.subject_column)

    @classmethod
    def from_subject_ids(
        cls,
        df: pd.DataFrame,
        train_ids: Iterable[str | int],
        test_ids: Iterable[str | int],
        val_ids: Iterable[str | int],
        *,
        group_column: str | None = None,
        subject_column: str = SUBJECT,
    ) -> "DatasetSplits":
        """Return splits with the listed subjects, in row order; unknown ids are logged and left out.

        With a group column, no group may lie in two splits.
        """
        lists = (train_ids, test_ids, val_ids)
        return cls._from_keys(df, subject_column, lists, group_column, subject_column)

    @classmethod
    def from_groups(
        cls,
        df: pd.DataFrame,
        train_ids: Iterable[str | int],
        test_ids: Iterable[str | int],
        val_ids: Iterable[str | int],
        *,
        group_column: str,
        subject_column: str = SUBJECT,
    ) -> "DatasetSplits":
        """Return splits with the listed groups, values of a column, in row order."""
        lists = (train_ids, test_ids, val_ids)
        return cls._from_keys(df, group_column, lists, group_column, subject_column)

    @classmethod
    def _from_keys(
        cls,
        df: pd.DataFrame,
        column: str,
        parts: tuple[Iterable[str | int], Iterable[str | int], Iterable[str | int]],
        group_column: str | None,
        subject_column: str,
    ) -> "DatasetSplits":
        """Return splits with the rows of some keys; `parts` are those of Train, Test, Val."""
        train, test, val = parts
        lists = [list(map(str, names)) for names in (train, val, test)]
        unknown = {name for names in lists for name in names} - set(values_of(df, column))
        if unknown:
            names = sorted(unknown, key=natural_key)
            more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
            logger.warning(
                "A split names values of '%s' that the data set does not have; they are left out: %s.",
                column,
                ", ".join(names[:NAMES_SHOWN]) + more,
            )
        in_train, in_val, in_test = (rows_with(df, column, names) for names in lists)
        return cls(in_train, in_val, in_test, group_column, subject_column=subject_column)

    @classmethod
    def from_proportions(
        cls,
        df: pd.DataFrame,
        proportion_train: float,
        proportion_test: float,
        proportion_val: float,
        *,
        shuffle: bool = True,
        random_seed: int = 0,
        group_column: str | None = None,
        subject_column: str = SUBJECT,
        exact: bool = False,
    ) -> "DatasetSplits":
        """Return splits whose sizes follow the proportions of subjects, or of groups.

        `exact` gives each split the nearest whole number of subjects, at least one where its
        proportion is above 0. Without it the original's rule holds to the letter, which moves one
        subject from Test to Val and rounds up in favour of Train.
        """
        check_proportions(proportion_train, proportion_test, proportion_val)
        column = group_column or subject_column
        keys = values_of(df, column)
        if shuffle:
            random.Random(random_seed).shuffle(keys)  # the original's own order
        if exact:
            parts = exact_ranges(keys, proportion_train, proportion_test, proportion_val)
        else:
            parts = original_ranges(keys, proportion_train, proportion_test)
        return cls._from_keys(df, column, parts, group_column, subject_column)

    @classmethod
    def from_hash(
        cls,
        df: pd.DataFrame,
        proportion_train: float,
        proportion_test: float,
        proportion_val: float,
        *,
        seed: int = 0,
        group_column: str | None = None,
        subject_column: str = SUBJECT,
    ) -> "DatasetSplits":
        """Return splits in which each subject, or group, is placed by a hash of its name alone.

        Adding or removing one moves no other. The sizes follow the proportions by chance only.
        Raises DatasetError where Train or Val is left empty.
        """
        shares = (proportion_train, proportion_test, proportion_val)
        check_proportions(*shares)
        column = group_column or subject_column
        found = hash_split(values_of(df, column), *shares, seed=seed)
        parts = (found[Split.TRAIN], found[Split.TEST], found[Split.VAL])
        return cls._from_keys(df, column, parts, group_column, subject_column)

    @classmethod
    def from_institutions(
        cls,
        df: pd.DataFrame,
        proportion_train: float,
        proportion_test: float,
        proportion_val: float,
        *,
        shuffle: bool = True,
        random_seed: int = 0,
        exclude_institutions: Iterable[str] = (),
        institutions_for_test_only: Iterable[str] = (),
        subject_ids_for_test_only: Iterable[str | int] = (),
        subject_column: str = SUBJECT,
        exact: bool = False,
    ) -> "DatasetSplits":
        """Return splits in which every institution is parted by the same proportions and rule.

        Whole institutions can be left out or go to Test, and single subjects can go to Test. Rows are
        in order of the institutions. Raises DatasetError as `institution_ranges`.
        """
        shares = (proportion_train, proportion_test, proportion_val)
        check_proportions(*shares)
        require_column(df, INSTITUTION)
        rules = InstitutionRules(
            excluded=frozenset(exclude_institutions),
            test_only=frozenset(institutions_for_test_only),
            test_only_subjects=frozenset(map(str, subject_ids_for_test_only)),
            subject_column=subject_column,
        )
        parts = institution_ranges(
            df, shares, rules, shuffle=shuffle, random_seed=random_seed, exact=exact
        )
        ordered = df.sort_values(INSTITUTION, kind="stable")
        return cls.from_subject_ids(ordered, *parts, subject_column=subject_column)

    def _shared(self, column: str) -> list[str]:
        """Return a sentence for each value of a column that is in more than one split."""
        values = [set(self[split][column]) for split in Split]
        shared = (values[0] & values[1]) | (values[0] & values[2]) | (values[1] & values[2])
        return [f"{column} '{value}' is in more than one split" for value in sorted(shared)]

    def restrict_subjects(self, pattern: str) -> "DatasetSplits":
        """Return splits with at most so many subjects: `n` for each split, or `train,val,test`.

        An empty part leaves its split as it is; `+` gives a split the subjects that others drop.
        """
        limits = parse_restriction(pattern)
        splits = (Split.TRAIN, Split.VAL, Split.TEST)
        kept: dict[Split, list[str]] = {}
        dropped: list[str] = []
        for split, limit in zip(splits, limits, strict=True):
            subjects = self.subjects(split)
            count = limit if isinstance(limit, int) else len(subjects)
            kept[split] = subjects[:count]
            dropped += subjects[count:]
        rows = pd.concat([self.train, self.test, self.val])
        frames: dict[Split, pd.DataFrame] = {}
        for split, limit in zip(splits, limits, strict=True):
            frames[split] = rows_with(self[split], self.subject_column, kept[split])
            if limit == RECEIVES and dropped:
                received = rows_with(rows, self.subject_column, dropped)
                frames[split] = pd.concat([frames[split], received])
        return DatasetSplits(
            frames[Split.TRAIN],
            frames[Split.VAL],
            frames[Split.TEST],
            allow_empty=True,
            subject_column=self.subject_column,
        )


def split_of_subjects(splits: DatasetSplits, subjects: Iterable[str]) -> dict[str, Split | None]:
    """Return the split of each subject; None for one that is in no split."""
    known = {subject: split for split in Split for subject in splits.subjects(split)}
    return {subject: known.get(subject) for subject in subjects}


def rows_with(frame: pd.DataFrame, column: str, values: Iterable[str]) -> pd.DataFrame:
    """Return the rows whose cell in a column is one of the values; DatasetError without it."""
    require_column(frame, column)
    return frame.loc[frame[column].isin(list(values)), :]


def values_of(frame: pd.DataFrame, column: str) -> list[str]:
    """Return the distinct values of a column in order of appearance; DatasetError without it."""
    require_column(frame, column)
    return list(dict.fromkeys(frame[column]))


def require_column(frame: pd.DataFrame, column: str) -> None:
    """Raise DatasetError, with the columns that there are, where a table lacks one."""
    if column not in frame:
        raise DatasetError(
            f"The data set has no column '{column}'; splitting needs it. "
            f"Its columns are {', '.join(map(str, frame.columns))}."
        )
