"""Folds part Train and Val, give strata equal shares, part no group, and leave Test alone."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.data.folds import k_fold
from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError
from innereye.names import Split


def frame(count, rows_each=2, group_size=3, sites="aab"):
    names = range(1, count + 1)
    columns = {
        "subject": [str(name) for name in names],
        "group": [f"g{name // group_size}" for name in names],
        "site": [sites[name % len(sites)] for name in names],
    }
    return pd.DataFrame(columns).loc[lambda f: f.index.repeat(rows_each)].reset_index(drop=True)


def parted(count, **settings):
    return DatasetSplits.from_proportions(frame(count), 0.6, 0.2, 0.2, **settings)


def all_folds(splits, number, **settings):
    return [k_fold(splits, fold, number, **settings) for fold in range(number)]


def spread(counts, keys):
    found = [counts[key] for key in keys]
    return max(found) - min(found)


BY_SITE = {"stratify_column": "site"}
WAYS = st.sampled_from([{}, BY_SITE, {"by_hash": True}, {"stratify_column": "group"}])


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 4), st.integers(60, 90), WAYS, st.sampled_from([None, "group"]))
def test_folds_part_train_and_val_and_no_group(number, count, way, group_column):
    splits = parted(count, group_column=group_column)
    folds = all_folds(splits, number, **way)
    column, both = group_column or "subject", pd.concat([splits.train, splits.val])
    val = [key for fold in folds for key in fold.val[column].unique()]
    assert sorted(val) == sorted(both[column].unique())
    for fold in folds:
        assert pd.concat([fold.train, fold.val]).sort_index().equals(both.sort_index())
        assert not set(fold.train[column]) & set(fold.val[column])
        assert fold.test.equals(splits.test)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 8), st.integers(9, 30))
def test_folds_are_those_of_scikit_learn(number, count):
    splits = parted(count)
    keys = np.array([*splits.subjects(Split.TRAIN), *splits.subjects(Split.VAL)])
    if len(keys) < number:
        return
    model_selection = pytest.importorskip("sklearn.model_selection")
    expected = model_selection.KFold(number, shuffle=True, random_state=0).split(keys)
    for found, (train, val) in zip(all_folds(splits, number), expected, strict=True):
        assert set(found.subjects(Split.VAL)) == set(keys[val])
        assert set(found.subjects(Split.TRAIN)) == set(keys[train])


def test_ten_subjects_are_parted_as_the_original_parts_them():
    names = [str(number) for number in range(10)]
    splits = DatasetSplits.from_subject_ids(
        pd.DataFrame({"subject": names}), train_ids=names[:8], val_ids=names[8:], test_ids=[]
    )
    val = [" ".join(fold.subjects(Split.VAL)) for fold in all_folds(splits, 5)]
    assert val == ["2 8", "4 9", "1 6", "3 7", "0 5"]


def test_folds_of_groups_are_those_of_scikit_learn():
    model_selection = pytest.importorskip("sklearn.model_selection")
    splits = parted(40, group_column="group")
    rows = pd.concat([splits.train, splits.val])
    expected = model_selection.GroupKFold(4).split(rows, groups=rows["group"])
    for found, (_, val) in zip(all_folds(splits, 4), expected, strict=True):
        assert set(found.val["group"]) == set(rows["group"].iloc[val])


def test_without_test_all_val_sets_are_the_whole_data_set():
    splits = DatasetSplits.from_proportions(frame(20), 0.8, 0, 0.2)
    folds = all_folds(splits, 5)
    val = [name for fold in folds for name in fold.subjects(Split.VAL)]
    assert sorted(val) == sorted(frame(20)["subject"].unique())
    assert all(fold.test.empty and list(fold.test) == list(frame(1)) for fold in folds)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.text("abc", min_size=12, max_size=40))
def test_each_fold_gets_its_share_of_each_stratum(number, sites):
    rows = frame(len(sites), sites=sites)
    splits = DatasetSplits.from_subject_ids(rows, rows["subject"][2:], [], ["1"])
    val = [fold.val.drop_duplicates("subject") for fold in all_folds(splits, number, **BY_SITE)]
    counts = Counter((index, site) for index, fold in enumerate(val) for site in fold["site"])
    for site in set(sites):
        assert spread(counts, [(index, site) for index in range(number)]) <= 1
    assert spread(dict(enumerate(map(len, val))), range(number)) <= 1


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 4), st.integers(1, 4), st.integers(40, 80))
def test_strata_of_groups_differ_by_no_more_than_a_group(number, group_size, count):
    rows = frame(count, group_size=group_size)
    rows["site"] = ["ab"[int(group[1:]) % 2] for group in rows["group"]]  # a group has one site
    first, *rest = rows["group"].unique()
    splits = DatasetSplits.from_groups(rows, rest, [], [first], group_column="group")
    folds = all_folds(splits, number, **BY_SITE)
    val = [fold.val.drop_duplicates("subject")["site"].value_counts() for fold in folds]
    for site in "ab":
        assert spread([counts.get(site, 0) for counts in val], range(number)) <= group_size


def of_groups(sites_of_groups, rows_of_first=1):
    """Return splits of groups, one subject for each letter; Val has the first group."""
    rows = [
        (f"{group}-{index}", group, site)
        for group, sites in sites_of_groups.items()
        for index, site in enumerate(sites)
        for _ in range(rows_of_first if index == 0 else 1)
    ]
    table = pd.DataFrame(rows, columns=["subject", "group", "site"])
    first, *rest = sites_of_groups
    return DatasetSplits.from_groups(table, rest, [], [first], group_column="group")


def groups_of_folds(splits, number):
    return [set(fold.val["group"]) for fold in all_folds(splits, number, **BY_SITE)]


def test_a_group_counts_for_its_most_common_site_and_for_the_first_where_two_are():
    kinds = {"a": ["abab", "baba"], "b": ["abbb", "bbba"]}
    groups = {f"{kind}{n}": kinds[kind][n % 2] for kind in kinds for n in range(8)}
    for fold in groups_of_folds(of_groups(groups), 8):
        assert {name[0] for name in fold} == {"a", "b"}
        assert len(fold) == 2


def test_a_group_counts_subjects_and_not_rows():
    groups = {f"{site}{n}": f"a{site}{site}" for site in "ab" for n in range(8)}
    for fold in groups_of_folds(of_groups(groups, rows_of_first=7), 8):
        assert {name[0] for name in fold} == {"a", "b"}


def test_large_groups_are_dealt_first_and_each_site_is_evened_out_by_itself():
    small = {f"a{n}": "a" for n in range(4)}
    large, *_ = sorted(groups_of_folds(of_groups({**small, "large": "aaaa"}), 2), key=len)
    assert large == {"large"}
    others = {f"b{n}": "b" for n in range(4)}
    folds = groups_of_folds(of_groups({"a0": "a", "large": "aaaa", **others}), 2)
    assert [len(fold & set(others)) for fold in folds] == [2, 2]


def test_strata_are_shuffled_and_dealt_in_turn():
    rows = frame(30, sites="bab")
    splits = DatasetSplits.from_subject_ids(rows, rows["subject"][2:], [], ["1"])
    both = pd.concat([splits.train, splits.val]).drop_duplicates("subject")  # Train comes first
    random, dealt = np.random.RandomState(0), []
    for site in "ab":
        dealt += random.permutation(both["subject"][both["site"] == site].tolist()).tolist()
    for index, fold in enumerate(all_folds(splits, 4, **BY_SITE)):
        assert set(fold.val["subject"]) == set(dealt[index::4])


def test_a_subject_counts_for_the_site_of_its_first_row():
    rows = frame(8, sites="ab")
    rows.loc[1::2, "site"] = [f"other{index}" for index in range(8)]
    splits = DatasetSplits.from_subject_ids(rows, "234567", [], "18")
    for fold in all_folds(splits, 4, **BY_SITE):
        assert set(fold.val["site"][::2]) == {"a", "b"}


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(1, 300)), st.sampled_from([None, "group"]), st.randoms())
def test_folds_by_hash_move_nobody_when_others_come_or_rows_move(added, group_column, random):
    everybody = frame(300)
    kept = everybody.loc[(everybody.index < 120) | everybody["subject"].isin(map(str, added))]
    shuffled = kept.sample(frac=1, random_state=random.randint(0, 99))
    whole, part = (fold_of_each(rows, group_column) for rows in (everybody, shuffled))
    assert part == {key: whole[key] for key in part}


def fold_of_each(rows, group_column):
    column = group_column or "subject"
    first, *rest = rows[column].unique()
    if group_column:
        splits = DatasetSplits.from_groups(rows, rest, [], [first], group_column=group_column)
    else:
        splits = DatasetSplits.from_subject_ids(rows, rest, [], [first])
    folds = all_folds(splits, 3, by_hash=True)
    return {key: index for index, fold in enumerate(folds) for key in fold.val[column]}


def test_a_fold_that_a_hash_leaves_empty_is_told_with_a_way_out():
    with pytest.raises(DatasetError, match=r"leaves fold .* empty; use fewer folds .*=False"):
        k_fold(parted(12), 0, 9, by_hash=True)


@pytest.mark.parametrize(("fold", "number"), [(0, 0), (0, 1), (-1, 3), (3, 3), (0, 30)])
def test_folds_that_cannot_be_are_refused(fold, number):
    with pytest.raises(DatasetError, match=r"does not exist|at least as many"):
        k_fold(parted(9), fold, number)


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(DatasetError, match=r"'sex'.*columns are subject, group, site"):
        k_fold(parted(9), 0, 2, stratify_column="sex")


def test_folds_are_not_both_stratified_and_by_hash():
    with pytest.raises(DatasetError, match="not both"):
        k_fold(parted(9), 0, 2, stratify_column="site", by_hash=True)
