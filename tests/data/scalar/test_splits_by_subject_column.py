"""Splits and folds go by any column of subjects, the same as by the usual one."""

from typing import Any

import pandas as pd
import pytest

from innereye.configs.fields.splits import SplitFields
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.data.folds import k_fold
from innereye.data.model_splits import fold_of_splits, splits_of_model
from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError
from innereye.names import Split

COLUMN = "series"
USUAL = pd.DataFrame(
    {
        "subject": [f"s{number // 2}" for number in range(60)],
        "institutionId": ["abc"[number // 2 % 3] for number in range(60)],
        "label": [str(number // 2 % 2) for number in range(60)],
        "patient": [f"p{number // 4}" for number in range(60)],
    }
)
# The column with the usual name is a trap: nothing may go by it.
OTHER = USUAL.rename(columns={"subject": COLUMN}).assign(subject="the same")
WAYS = {
    "proportions": {},
    "exact": {"exact_split": True},
    "hash": {"split_by_hash": True},
    "institutions": {"split_by_institution": True},
    "groups": {"group_column": "patient"},
    "strata": {"stratify_column": "label"},
    "groups and strata": {"group_column": "patient", "stratify_column": "label"},
    "lists": {"train_subjects": ["s1", "s3", "s4"], "val_subjects": ["s2"]},
    "restriction": {"restrict_subjects": "5,+,3"},
}


def subjects(splits):
    return {split: splits.subjects(split) for split in Split}


@pytest.mark.parametrize("fold", [-1, 0, 1])
@pytest.mark.parametrize("way", WAYS)
def test_the_name_of_the_column_does_not_matter(way, fold):
    fields = SplitFields(split_proportions=(0.5, 0.3, 0.2), **WAYS[way])
    usual = fold_of_splits(splits_of_model(HelloWorld(), fields, USUAL), fields, fold, 2)
    splits = splits_of_model(HelloWorld(), fields, OTHER, COLUMN)
    other = fold_of_splits(splits, fields, fold, 2)
    assert subjects(other) == subjects(usual)
    assert other.subject_column == COLUMN
    assert subjects(other)[Split.TRAIN]


def test_a_subject_in_two_splits_is_told_by_its_column():
    with pytest.raises(DatasetError, match="series 's0' is in more than one split"):
        DatasetSplits(OTHER[:4], OTHER[:2], OTHER[:0], subject_column=COLUMN)


def test_folds_keep_rows_of_a_subject_together():
    splits = DatasetSplits(OTHER[:40], OTHER[40:], OTHER[:0], subject_column=COLUMN)
    for fold in range(3):
        parted = k_fold(splits, fold, 3)
        assert not set(parted.train[COLUMN]) & set(parted.val[COLUMN])


class OwnSplit(HelloWorld):
    """A model whose class divides the subjects, and knows nothing of groups."""

    def get_model_train_test_dataset_splits(self, dataset_df: Any) -> Any:
        """Return the last six subjects for Test."""
        names = dataset_df[COLUMN].unique()
        return DatasetSplits.from_subject_ids(
            dataset_df, names[:16], names[24:], names[16:24], subject_column=COLUMN
        )


def test_folds_of_a_split_of_the_models_own_keep_groups():
    fields = SplitFields(group_column="patient")
    splits = splits_of_model(OwnSplit(), fields, OTHER, COLUMN)
    for fold in range(3):
        parted = fold_of_splits(splits, fields, fold, 3)
        assert parted.subject_column == COLUMN
        assert not set(parted.train["patient"]) & set(parted.val["patient"])
