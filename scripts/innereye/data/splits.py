"""Which subjects train, which validate, which test? Splits of a data set's rows."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from innereye.data.hash_splits import hash_split
from innereye.data.proportions import (
    RECEIVES,
    check_proportions,
    exact_ranges,
    original_ranges,
    parse_restriction,
)
from innereye.errors import DatasetError, list_faults
from innereye.names import INSTITUTION, SUBJECT, Split


@dataclass(frozen=True)
class DatasetSplits:
    """The rows of each split. No subject and no group is in two splits; only Test may be empty."""

    train: pd.DataFrame
    val: pd.DataFrame
    test: pd.DataFrame
    group_column: str | None = None
    allow_empty: bool = False

    def __post_init__(self) -> None:
        """Check what every set of splits must keep to."""
        faults = [
            fault
            for column in (SUBJECT, self.group_column)
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
        return values_of(self[split], SUBJECT)

    @classmethod
    def from_subject_ids(
        cls,
        frame: pd.DataFrame,
        train_ids: Iterable[str | int],
        val_ids: Iterable[str | int],
        test_ids: Iterable[str | int],
        *,
        group_column: str | None = None,
    ) -> "DatasetSplits":
        """Return splits with the listed subjects, in row order; unknown ids are ignored.

        With a group column, the listed ids are values of that column.
        """
        column = group_column or SUBJECT
        train, val, test = (
            rows_with(frame, column, [str(name) for name in ids])
            for ids in (train_ids, val_ids, test_ids)
        )
        return cls(train, val, test, group_column)

    @classmethod
    def from_proportions(
        cls,
        frame: pd.DataFrame,
        p_train: float,
        p_test: float,
        p_val: float,
        *,
        shuffle: bool = True,
        random_seed: int = 0,
        group_column: str | None = None,
        exact: bool = False,
    ) -> "DatasetSplits":
        """Return splits whose sizes follow the proportions of subjects, or of groups.

        `exact` gives each split the nearest whole number of subjects, at least one where its
        proportion is above 0. Without it the original's rule holds to the letter, which moves one
        subject from Test to Val and rounds up in favour of Train.
        """
        check_proportions(p_train, p_test, p_val)
        keys = values_of(frame, group_column or SUBJECT)
        if shuffle:
            random.Random(random_seed).shuffle(keys)  # the original's own order
        if exact:
            train, test, val = exact_ranges(keys, p_train, p_test, p_val)
        else:
            train, test, val = original_ranges(keys, p_train, p_test)
        return cls.from_subject_ids(frame, train, val, test, group_column=group_column)

    @classmethod
    def from_hash(
        cls,
        frame: pd.DataFrame,
        p_train: float,
        p_test: float,
        p_val: float,
        *,
        seed: int = 0,
        group_column: str | None = None,
    ) -> "DatasetSplits":
        """Return splits in which each subject, or group, is placed by a hash of its name alone.

        Adding or removing one moves no other. The sizes follow the proportions by chance only.
        Raises DatasetError where Train or Val is left empty.
        """
        check_proportions(p_train, p_test, p_val)
        keys = values_of(frame, group_column or SUBJECT)
        parts = hash_split(keys, p_train, p_test, p_val, seed=seed)
        train, val, test = parts[Split.TRAIN], parts[Split.VAL], parts[Split.TEST]
        return cls.from_subject_ids(frame, train, val, test, group_column=group_column)

    @classmethod
    def from_institutions(
        cls,
        frame: pd.DataFrame,
        p_train: float,
        p_test: float,
        p_val: float,
        *,
        shuffle: bool = True,
        random_seed: int = 0,
        exclude_institutions: Sequence[str] = (),
        institutions_for_test_only: Sequence[str] = (),
        subjects_for_test_only: Sequence[str] = (),
    ) -> "DatasetSplits":
        """Return splits in which every institution is parted by the same proportions and rule.

        Whole institutions can be left out or go to Test, and single subjects can go to Test.
        Raises DatasetError for names that are not present, and for fewer than three subjects.
        """
        check_proportions(p_train, p_test, p_val)
        _check_institutions(
            frame, [*exclude_institutions, *institutions_for_test_only], subjects_for_test_only
        )
        parts: tuple[list[str], list[str], list[str]] = ([], [], [])
        train, test, val = parts
        for institution in sorted(set(frame[INSTITUTION]) - set(exclude_institutions)):
            subjects = values_of(rows_with(frame, INSTITUTION, [institution]), SUBJECT)
            if institution in institutions_for_test_only:
                test += subjects
                continue
            test += [subject for subject in subjects if subject in subjects_for_test_only]
            free = [subject for subject in subjects if subject not in subjects_for_test_only]
            if shuffle:
                random.Random(random_seed).shuffle(free)
            for part, found in zip(parts, original_ranges(free, p_train, p_test), strict=True):
                part.extend(found)
        return cls.from_subject_ids(frame, train, val, test)

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
            frames[split] = rows_with(self[split], SUBJECT, kept[split])
            if limit == RECEIVES and dropped:
                received = rows_with(rows, SUBJECT, dropped)
                frames[split] = pd.concat([frames[split], received])
        return DatasetSplits(
            frames[Split.TRAIN], frames[Split.VAL], frames[Split.TEST], None, allow_empty=True
        )


def split_of_subjects(splits: DatasetSplits, subjects: Iterable[str]) -> dict[str, Split | None]:
    """Return the split of each subject; None for one that is in no split."""
    known = {subject: split for split in Split for subject in splits.subjects(split)}
    return {subject: known.get(subject) for subject in subjects}


def rows_with(frame: pd.DataFrame, column: str, values: Iterable[str]) -> pd.DataFrame:
    """Return the rows whose cell in a column is one of the values; DatasetError without it."""
    _check_column(frame, column)
    return frame.loc[frame[column].isin(list(values)), :]


def values_of(frame: pd.DataFrame, column: str) -> list[str]:
    """Return the distinct values of a column in order of appearance; DatasetError without it."""
    _check_column(frame, column)
    return list(dict.fromkeys(frame[column]))


def _check_column(frame: pd.DataFrame, column: str) -> None:
    if column not in frame:
        raise DatasetError(
            f"The data set has no column '{column}'; splitting needs it. "
            f"Its columns are {', '.join(map(str, frame.columns))}."
        )


def _check_institutions(
    frame: pd.DataFrame, institutions: Iterable[str], subjects: Iterable[str]
) -> None:
    """Refuse names that the data set does not have, and data sets too small to part."""
    if len(values_of(frame, SUBJECT)) < 3:
        raise DatasetError("Splitting by institutions needs at least 3 subjects.")
    named: Mapping[str, Iterable[str]] = {INSTITUTION: institutions, SUBJECT: subjects}
    faults = [
        f"{column} '{name}' is not present in the data set"
        for column, names in named.items()
        for name in sorted(set(names) - set(values_of(frame, column)))
    ]
    if faults:
        raise DatasetError(list_faults("The data set cannot be split by institutions:", faults))
