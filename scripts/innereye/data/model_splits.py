"""How does a model divide a data set? By lists of subjects, by its own method, or by shares."""

import pandas as pd

from innereye.configs.fields.splits import SplitFields
from innereye.configs.model_config import ModelConfig
from innereye.configs.restriction import RECEIVES
from innereye.configs.subject_lists import SubjectLists
from innereye.data.folds import k_fold
from innereye.data.proportions import parse_restriction
from innereye.data.splits import DatasetSplits, values_of
from innereye.errors import DatasetError, InnerEyeError
from innereye.names import SUBJECT


def splits_of_model(
    model: ModelConfig, fields: SplitFields, frame: pd.DataFrame, subject_column: str = SUBJECT
) -> DatasetSplits:
    """Return the splits without cross-validation, before subjects are restricted.

    Lists of subjects come first, then the model's own method, then the other fields.

    Raises:
        DatasetError: the data set has too few subjects or lacks a column, or the method fails.
    """
    if fields.train_subjects:
        return DatasetSplits.from_subject_ids(
            frame,
            train_ids=fields.train_subjects,
            test_ids=fields.test_subjects,
            val_ids=fields.val_subjects,
            group_column=fields.group_column,
            subject_column=subject_column,
        )
    own = _own_splits(model, frame.copy(), subject_column)
    return _split_by_fields(fields, frame, subject_column) if own is None else own


def split_fields_of(model: ModelConfig) -> SplitFields:
    """Return the fields of a model that part its data set."""
    return SplitFields(**{name: getattr(model, name) for name in SplitFields.model_fields})


def fold_of_splits(
    splits: DatasetSplits, fields: SplitFields, fold: int, number_of_folds: int
) -> DatasetSplits:
    """Return the splits of a fold, -1 for none, with at most as many subjects as are asked for.

    Raises:
        DatasetError: a fold does not exist, or dropped subjects would go to the Test of a fold.
    """
    if fold >= 0:
        splits = k_fold(
            _grouped(splits, fields.group_column),
            fold,
            number_of_folds,
            stratify_column=fields.stratify_column,
            by_hash=fields.split_by_hash,
        )
    pattern = fields.restrict_subjects
    if pattern is None:
        return splits
    if fold >= 0 and parse_restriction(pattern)[2] == RECEIVES:
        raise DatasetError(
            f"restrict_subjects={pattern} moves dropped subjects to Test. Each fold of a cross-validation "
            "drops others, which the ensemble's members have trained on; leave the + out, or list "
            "test_subjects."
        )
    return splits.restrict_subjects(pattern)


def _grouped(splits: DatasetSplits, column: str | None) -> DatasetSplits:
    """Return splits whose folds keep the groups of the field, where a split of the user's has none."""
    if splits.group_column or not column:
        return splits
    both = pd.concat([splits.train, splits.val])
    values_of(both, column)  # says which columns there are
    # Groups may lie in Train and Val both, as these are parted anew; not in Test.
    return DatasetSplits(
        both,
        both.iloc[:0],
        splits.test,
        column,
        allow_empty=True,
        subject_column=splits.subject_column,
    )


def _split_by_fields(
    fields: SplitFields, frame: pd.DataFrame, subject_column: str
) -> DatasetSplits:
    train, val, test = fields.split_proportions
    seed, group_column = fields.split_seed, fields.group_column
    if fields.split_by_hash:
        return DatasetSplits.from_hash(
            frame,
            train,
            test,
            val,
            seed=seed,
            group_column=group_column,
            subject_column=subject_column,
        )
    if fields.split_by_institution:
        return DatasetSplits.from_institutions(
            frame,
            train,
            test,
            val,
            random_seed=seed,
            exclude_institutions=fields.exclude_institutions,
            institutions_for_test_only=fields.institutions_for_test_only,
            subject_ids_for_test_only=fields.subject_ids_for_test_only,
            subject_column=subject_column,
            exact=fields.exact_split,
        )
    return DatasetSplits.from_proportions(
        frame,
        train,
        test,
        val,
        random_seed=seed,
        group_column=group_column,
        subject_column=subject_column,
        exact=fields.exact_split,
    )


def _own_splits(
    model: ModelConfig, frame: pd.DataFrame, subject_column: str
) -> DatasetSplits | None:
    method = f"{type(model).__name__}.get_model_train_test_dataset_splits"
    try:
        splits = model.get_model_train_test_dataset_splits(frame)
    except InnerEyeError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise DatasetError(f"{method} failed on the data set: {reason}") from error
    if isinstance(splits, SubjectLists):
        lists = (splits.train, splits.test, splits.val)
        return DatasetSplits.from_subject_ids(frame, *lists, subject_column=subject_column)
    if splits is not None and not isinstance(splits, DatasetSplits):
        kind = type(splits).__name__
        raise DatasetError(f"{method} must return DatasetSplits; it returned a {kind}.")
    return splits
