"""Splits part the subjects: by shares, lists, institutions, and with limits."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.data.proportions import largest_remainder, original_ranges
from innereye.data.splits import DatasetSplits, split_of_subjects
from innereye.errors import DatasetError
from innereye.names import Split


def frame(count, rows_each=2, group_size=3):
    subjects = [str(number) for number in range(1, count + 1) for _ in range(rows_each)]
    groups = [f"g{int(subject) // group_size}" for subject in subjects]
    institutions = ["abcd"[int(subject) % 4] for subject in subjects]
    columns = {"subject": subjects, "channel": "ct", "group": groups}
    return pd.DataFrame({**columns, "institutionId": institutions})


def ids(splits):
    return {split: set(splits.subjects(split)) for split in Split}


PROPORTIONS = st.tuples(st.integers(1, 20), st.integers(0, 20), st.integers(1, 20)).map(
    lambda parts: tuple(part / sum(parts) for part in parts)
)


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 40), PROPORTIONS, st.booleans(), st.integers(0, 5))
def test_proportions_part_all_subjects(count, proportions, exact, seed):
    splits = DatasetSplits.from_proportions(
        frame(count), *proportions, random_seed=seed, exact=exact
    )
    found = ids(splits)
    assert sum(len(names) for names in found.values()) == count
    assert set.union(*found.values()) == set(frame(count)["subject"])
    assert bool(found[Split.TEST]) == (proportions[1] > 0)


@given(st.integers(3, 200), PROPORTIONS)
def test_exact_sizes_are_within_one_of_the_share_or_one(count, proportions):
    sizes = largest_remainder(count, proportions)
    assert sum(sizes) == count
    for size, proportion in zip(sizes, proportions, strict=True):
        assert (size >= 1) == (proportion > 0)
        assert size == 1 or size > proportion * count - 2


@pytest.mark.parametrize(
    ("count", "expected"), [(10, [8, 1, 1]), (20, [16, 3, 1]), (100, [80, 15, 5]), (3, [1, 1, 1])]
)
def test_exact_sizes_are_those_that_one_expects(count, expected):
    assert largest_remainder(count, (0.8, 0.15, 0.05)) == expected


@pytest.mark.parametrize("exact", [True, False])
def test_without_a_share_of_test_all_subjects_are_in_train_and_val(exact):
    splits = DatasetSplits.from_proportions(frame(10), 0.8, 0, 0.2, exact=exact)
    assert splits.test.empty
    assert list(splits.test.columns) == list(frame(10).columns)
    assert len(splits.subjects(Split.TRAIN)) == 8
    assert len(splits.subjects(Split.VAL)) == 2


def test_the_seed_decides_the_order_and_without_shuffling_the_rows_do():
    def train(**settings):
        return DatasetSplits.from_proportions(frame(12), 0.5, 0.25, 0.25, **settings).subjects(
            Split.TRAIN
        )

    assert train(random_seed=1) == train(random_seed=1) != train(random_seed=2)
    assert train(shuffle=False, exact=True) == ["1", "2", "3", "4", "5", "6"]


def test_the_original_rule_gives_its_published_split():
    splits = DatasetSplits.from_proportions(frame(20), 0.8, 0.15, 0.05)
    assert ids(splits)[Split.TEST] == {"13", "14", "19"}
    assert ids(splits)[Split.VAL] == {"2", "17"}


@pytest.mark.parametrize(
    ("count", "test", "expected"),
    [
        (3, 0.15, (1, 1, 1)),
        (10, 0.15, (7, 1, 2)),
        (20, 0.15, (15, 3, 2)),
        (40, 0.15, (31, 7, 2)),
        (100, 0.15, (79, 16, 5)),
        (20, 0.1, (15, 3, 2)),
        (100, 0.1, (79, 11, 10)),
    ],
)
def test_the_original_rule_gives_its_published_sizes(count, test, expected):
    found = original_ranges([str(number) for number in range(count)], 0.8, test)
    assert tuple(len(part) for part in found) == expected


def test_the_original_rule_leaves_one_subject_between_train_and_test_to_val():
    keys = [str(number) for number in range(100)]
    train, test, val = original_ranges(keys, 0.5, 0.4)
    assert train == [keys[0], *keys[3:52]]
    assert test == [keys[1], *keys[53:92]]
    assert val == [keys[2], keys[52], *keys[92:]]


@settings(max_examples=30, deadline=None)
@given(st.integers(12, 40), st.booleans())
def test_no_group_is_parted(count, exact):
    splits = DatasetSplits.from_proportions(
        frame(count), 0.5, 0.3, 0.2, group_column="group", exact=exact
    )
    groups = [set(splits[split]["group"]) for split in Split]
    assert len(set.union(*groups)) == sum(len(group) for group in groups)


@pytest.mark.parametrize(
    "proportions", [(1, 0, 0), (0, 0.5, 0.5), (0.5, 0.4, 0.2), (-1, 1, 1), (0.5, 0.5, 0)]
)
def test_bad_proportions_are_refused(proportions):
    with pytest.raises(DatasetError, match="must add up to 1"):
        DatasetSplits.from_proportions(frame(9), *proportions)


@pytest.mark.parametrize("exact", [True, False])
def test_two_subjects_are_too_few_for_three_splits(exact):
    with pytest.raises(DatasetError, match=r"at least 3 subjects|Val is empty"):
        DatasetSplits.from_proportions(frame(2), 0.4, 0.3, 0.3, exact=exact)


def test_listed_ids_keep_the_order_of_rows_and_unknown_ones_are_ignored():
    splits = DatasetSplits.from_subject_ids(frame(6), [3, 1, "99"], [], ["2"])
    assert splits.subjects(Split.TRAIN) == ["1", "3"]
    assert splits.test.empty


def test_a_subject_in_two_splits_and_an_empty_split_are_refused_together():
    with pytest.raises(DatasetError, match=r"(?s)subject '2' is in more than one.*Val is empty"):
        DatasetSplits.from_subject_ids(frame(6), ["1", "2"], ["2"], [])


@pytest.fixture
def twelve():
    return DatasetSplits.from_subject_ids(
        frame(12), train_ids=range(1, 7), val_ids=range(7, 10), test_ids=range(10, 13)
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("2", ["1 2", "7 8", "10 11"]),
        ("2,1,", ["1 2", "7", "10 11 12"]),
        ("0,,", ["", "7 8 9", "10 11 12"]),
        ("2,+,1", ["1 2", "7 8 9 3 4 5 6 11 12", "10"]),
        ("4,1,+", ["1 2 3 4", "7", "10 11 12 5 6 8 9"]),
        (",,", ["1 2 3 4 5 6", "7 8 9", "10 11 12"]),
        ("", ["1 2 3 4 5 6", "7 8 9", "10 11 12"]),
        ("100", ["1 2 3 4 5 6", "7 8 9", "10 11 12"]),
    ],
)
def test_restriction_keeps_the_first_subjects_and_gives_the_rest_to_one(twelve, pattern, expected):
    found = twelve.restrict_subjects(pattern)
    assert [" ".join(found.subjects(split)) for split in Split] == expected


@pytest.mark.parametrize("pattern", ["1,2", "1,2,3,4", "0,+,+", "+", ",+,", "-1", "a", "1;2;3"])
def test_restrictions_of_another_form_are_refused(twelve, pattern):
    with pytest.raises(DatasetError, match="restrict_subjects"):
        twelve.restrict_subjects(pattern)


def test_institutions_are_each_parted_and_can_be_left_out_or_kept_for_test():
    splits = DatasetSplits.from_institutions(
        frame(40),
        0.5,
        0.2,
        0.3,
        exclude_institutions=["a"],
        institutions_for_test_only=["b"],
        subject_ids_for_test_only=["2", "3"],
    )
    found = {split: set(splits[split]["institutionId"]) for split in Split}
    assert found == {Split.TRAIN: {"c", "d"}, Split.VAL: {"c", "d"}, Split.TEST: {"b", "c", "d"}}
    assert {"2", "3"} <= ids(splits)[Split.TEST]


def test_names_that_institutions_lack_are_told_at_once():
    with pytest.raises(DatasetError, match=r"(?s)institutionId 'x' is not present.*subject '77'"):
        DatasetSplits.from_institutions(
            frame(9), 0.5, 0.2, 0.3, exclude_institutions=["x"], subject_ids_for_test_only=["77"]
        )
    with pytest.raises(DatasetError, match=r"no column 'institutionId'.*columns are subject, "):
        DatasetSplits.from_institutions(frame(9).drop(columns="institutionId"), 0.5, 0.2, 0.3)


def test_each_subject_is_told_its_split(twelve):
    found = split_of_subjects(twelve, ["1", "8", "12", "99"])
    assert found == {"1": Split.TRAIN, "8": Split.VAL, "12": Split.TEST, "99": None}
