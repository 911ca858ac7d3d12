"""Which subjects of Train and Val validate in which fold of a cross-validation?"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from innereye.data.hash_splits import hash_folds
from innereye.data.splits import DatasetSplits, rows_with, values_of
from innereye.errors import DatasetError


def k_fold(
    splits: DatasetSplits,
    fold: int,
    number_of_folds: int,
    *,
    stratify_column: str | None = None,
    by_hash: bool = False,
) -> DatasetSplits:
    """Return the splits of a fold: Train and Val parted anew, Test as it was.

    Without groups: `sklearn.model_selection.KFold(shuffle=True, random_state=0)` on the distinct
    subjects of Train, then Val. With groups: `GroupKFold`, so that no group is parted.
    `stratify_column` gives each of its values equal shares in all folds; `by_hash` derives the fold
    of a subject, or group, from its name alone.

    Raises:
        DatasetError: there are fewer subjects or groups than folds, a column is missing, a hash
            leaves a fold empty, or the folds should be both stratified and made by a hash.
    """
    if number_of_folds < 2 or not 0 <= fold < number_of_folds:
        raise DatasetError(
            f"Fold {fold} of {number_of_folds} does not exist; "
            "at least 2 folds are needed, counted from 0."
        )
    column = splits.group_column or splits.subject_column
    rows = pd.concat([splits.train, splits.val])
    keys = values_of(rows, column)
    if len(keys) < number_of_folds:
        raise DatasetError(
            f"{number_of_folds} folds need at least as many values of '{column}' in Train and Val; "
            f"there are {len(keys)}."
        )
    folds = _folds(rows, splits, number_of_folds, stratify_column, by_hash)
    train = rows_with(rows, column, set(keys) - folds[fold])
    val = rows_with(rows, column, folds[fold])
    group_column, subject_column = splits.group_column, splits.subject_column
    return DatasetSplits(train, val, splits.test, group_column, subject_column=subject_column)


def _folds(
    rows: pd.DataFrame,
    splits: DatasetSplits,
    number_of_folds: int,
    stratify_column: str | None,
    by_hash: bool,
) -> list[set[str]]:
    """Return the subjects, or groups, that each fold validates on."""
    if by_hash and stratify_column:
        raise DatasetError(
            "Folds by a hash cannot be stratified; give stratify_column or split_by_hash, not both."
        )
    column = splits.group_column or splits.subject_column
    keys = values_of(rows, column)
    if by_hash:
        return hash_folds(keys, number_of_folds)
    if stratify_column:
        strata = _strata(rows, column, splits.subject_column, stratify_column)
        return _stratified_folds(*strata, number_of_folds)
    if splits.group_column:
        return _group_folds(rows[column].tolist(), number_of_folds)
    order = np.random.RandomState(0).permutation(len(keys))  # sklearn's order
    return [{keys[index] for index in part} for part in np.array_split(order, number_of_folds)]


def _group_folds(groups: Sequence[str], number_of_folds: int) -> list[set[str]]:
    """Give each group, the largest first, to the lightest fold, as sklearn's GroupKFold does."""
    names, counts = np.unique(groups, return_counts=True)
    weights = [0] * number_of_folds
    folds: list[set[str]] = [set() for _ in range(number_of_folds)]
    for index in np.argsort(counts)[::-1]:
        lightest = int(np.argmin(weights))
        weights[lightest] += int(counts[index])
        folds[lightest].add(str(names[index]))
    return folds


def _stratified_folds(
    strata: dict[str, list[str]], sizes: dict[str, int], number_of_folds: int
) -> list[set[str]]:
    """Deal the keys of each stratum, shuffled and then the largest first.

    A key goes to the fold that is lightest in its stratum, of those the lightest over all, weighed
    in subjects. Where all keys weigh the same this is dealing in turn, each stratum on from where
    the last one stopped: counts differ by at most one in each stratum and over all.
    """
    totals = [0] * number_of_folds
    folds: list[set[str]] = [set() for _ in range(number_of_folds)]
    random = np.random.RandomState(0)
    for _, keys in sorted(strata.items()):
        weights = [0] * number_of_folds
        shuffled = [keys[index] for index in random.permutation(len(keys))]
        for key in sorted(shuffled, key=lambda key: -sizes[key]):
            lightest = min(range(number_of_folds), key=lambda f: (weights[f], totals[f]))
            weights[lightest] += sizes[key]
            totals[lightest] += sizes[key]
            folds[lightest].add(key)
    return folds


def _strata(
    rows: pd.DataFrame, column: str, subject_column: str, stratify_column: str
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return the keys of each stratum, and how many subjects each key stands for.

    A subject's stratum is the value in its first row; a group's is the most common one among its
    subjects, the first in the order of the alphabet where several are.
    """
    values_of(rows, stratify_column)  # complains where there is no such column
    firsts = rows.drop_duplicates(subject_column)
    stratum_of = dict(zip(firsts[subject_column], firsts[stratify_column], strict=True))
    members: dict[str, Counter[str]] = {key: Counter() for key in values_of(rows, column)}
    for key, subject in dict.fromkeys(zip(rows[column], rows[subject_column], strict=True)):
        members[key][stratum_of[subject]] += 1
    strata: defaultdict[str, list[str]] = defaultdict(list)
    for key, counts in members.items():
        strata[min(counts, key=lambda value: (-counts[value], value))].append(key)
    return strata, {key: counts.total() for key, counts in members.items()}
