"""The splits of a model: lists of subjects, institutions, folds, and limits after them."""

import logging

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.configs.load import load_model
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.subject_lists import SubjectLists
from innereye.data.model_splits import fold_of_splits, splits_of_model
from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError
from innereye.names import Split

NAMES = [str(number) for number in range(1, 21)]


class OwnSplit(HelloWorld):
    """A model whose class divides the subjects."""

    def get_model_train_test_dataset_splits(self, dataset_df):
        """Return the subjects 1 to 10, 11 to 15 and the others."""
        return SubjectLists(train=NAMES[:10], val=NAMES[10:15], test=NAMES[15:])


def frame(names=NAMES):
    rows = [(name, channel, "ab"[int(name) % 2]) for name in names for channel in ("ct", "liver")]
    return pd.DataFrame(rows, columns=["subject", "channel", "institutionId"])


def splits(fold=-1, folds=3, model=HelloWorld, names=NAMES, **fields):
    whole = load_model(model, {"exact_split": True, **fields})
    return fold_of_splits(splits_of_model(whole, whole, frame(names)), whole, fold, folds)


def subjects(found):
    return [found.subjects(split) for split in (Split.TRAIN, Split.VAL, Split.TEST)]


@pytest.mark.parametrize("model", [HelloWorld, OwnSplit])
def test_lists_of_subjects_come_before_every_other_way(model):
    lists = {"train_subjects": "3,1", "val_subjects": 20, "test_subjects": ["7", "5"]}
    assert subjects(splits(model=model, **lists)) == [["1", "3"], ["20"], ["5", "7"]]


def test_lists_of_subjects_are_parted_anew_in_folds():
    lists = {"train_subjects": "1,2,3,4", "val_subjects": "5,6", "test_subjects": "9"}
    folds = [splits(fold, **lists) for fold in range(3)]
    val = [name for fold in folds for name in fold.subjects(Split.VAL)]
    assert sorted(val) == list("123456")
    assert all(fold.subjects(Split.TEST) == ["9"] for fold in folds)


def test_ids_that_no_row_has_are_named_in_a_warning(caplog):
    caplog.set_level(logging.WARNING)
    found = splits(train_subjects="1,77", val_subjects="2,100,99")
    assert subjects(found) == [["1"], ["2"], []]
    assert (
        "'subject' that the data set does not have; they are left out: 77, 99, 100." in caplog.text
    )


def test_known_ids_give_no_warning(caplog):
    splits(train_subjects="1", val_subjects="2")
    splits(split_by_institution=True)
    assert caplog.text == ""


def test_groups_are_listed_by_their_names_and_stay_whole():
    found = DatasetSplits.from_groups(frame(), ["a"], [], ["b"], group_column="institutionId")
    assert subjects(found) == [NAMES[1::2], NAMES[::2], []]
    with pytest.raises(DatasetError, match="institutionId 'a' is in more than one split"):
        DatasetSplits.from_subject_ids(frame(), "24", "6", "8", group_column="institutionId")


def test_institutions_are_parted_by_fields():
    fields = {"split_by_institution": "yes", "split_proportions": "0.5,0.3,0.2"}
    found = splits(**fields, institutions_for_test_only="a", subject_ids_for_test_only=[1, 3])
    assert set(found.test["institutionId"]) == {"a", "b"}
    assert {"1", "3", *NAMES[1::2]} <= set(found.subjects(Split.TEST))
    assert set(found.train["institutionId"]) == {"b"}
    assert len(subjects(splits(**fields, exclude_institutions="a"))[0]) == 5
    assert splits(model=OwnSplit, **fields).subjects(Split.TRAIN) == NAMES[:10]


@pytest.mark.parametrize(
    ("pattern", "counts"),
    [(2, (2, 2, 2)), ("3,,1", (3, 5, 1)), (",0,", (10, 0, 5)), (None, (10, 5, 5))],
)
def test_limits_keep_the_first_subjects(pattern, counts):
    found = subjects(splits(model=OwnSplit, restrict_subjects=pattern))
    assert tuple(map(len, found)) == counts
    assert found == [NAMES[a : a + n] for a, n in zip((0, 10, 15), counts, strict=True)]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2), st.integers(1, 14), st.integers(1, 7))
def test_limits_hold_after_a_fold_is_chosen(fold, train, val):
    whole, limited = (
        splits(fold, model=OwnSplit, restrict_subjects=p) for p in (None, f"{train},{val},")
    )
    assert limited.subjects(Split.TRAIN) == whole.subjects(Split.TRAIN)[:train]
    assert limited.subjects(Split.VAL) == whole.subjects(Split.VAL)[:val]
    assert limited.test.equals(whole.test)


def test_what_a_limit_drops_goes_to_the_split_that_receives():
    found = subjects(splits(model=OwnSplit, restrict_subjects="8,+,2"))
    assert found == [NAMES[:8], [*NAMES[10:15], "9", "10", "18", "19", "20"], ["16", "17"]]


def test_dropped_subjects_go_to_test_of_a_single_model_only():
    moved = splits(model=OwnSplit, restrict_subjects="0,2,+")
    assert [len(each) for each in subjects(moved)] == [0, 2, 18]
    with pytest.raises(
        DatasetError, match=r"restrict_subjects=0,2,\+ moves dropped subjects to Test"
    ):
        splits(1, model=OwnSplit, restrict_subjects="0,2,+")
