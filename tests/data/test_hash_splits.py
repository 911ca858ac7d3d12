"""A hash places each name by itself: others may come and go, and shares hold by chance."""

import hashlib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.data.hash_splits import hash_folds, hash_split
from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError
from innereye.names import Split

SHARES = (0.6, 0.15, 0.25)  # Train, Test, Val
NAMES = [f"subject{number}" for number in range(2000)]


def split_of_each(names, seed=0):
    parts = hash_split(names, *SHARES, seed=seed)
    return {name: split for split, part in parts.items() for name in part}


def draw(seed, name):
    """A key's number from its definition: the first 53 bits of its sha256 as a fraction."""
    return int(hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()[:14], 16) // 8 / 2**53


@settings(max_examples=40, deadline=None)
@given(st.permutations(NAMES[:80]), st.integers(40, 80), st.integers(0, 9))
def test_nobody_moves_when_others_come_or_go(names, count, seed):
    whole, part = split_of_each(NAMES[:80], seed), split_of_each(names[:count], seed)
    assert part == {name: whole[name] for name in names[:count]}


@pytest.mark.parametrize("seed", [0, 7])
def test_test_comes_first_then_val_then_train(seed):
    for name, split in split_of_each(NAMES[:200], seed).items():
        number = draw(seed, name)
        assert split == (
            Split.TEST if number < 0.15 else Split.VAL if number < 0.4 else Split.TRAIN
        )


@pytest.mark.parametrize("seed", range(5))
def test_sizes_follow_the_shares(seed):
    parts = hash_split(NAMES, *SHARES, seed=seed)
    for split, share in zip((Split.TRAIN, Split.TEST, Split.VAL), SHARES, strict=True):
        # Five standard deviations of a binomial number at most.
        assert abs(len(parts[split]) - 2000 * share) < 5 * (2000 * share * (1 - share)) ** 0.5


def test_folds_are_even_within_train_and_within_val():
    # One hash for both draws would put all of Val into few folds.
    for names in hash_split(NAMES, *SHARES).values():
        folds = hash_folds(names, 5)
        sizes = [len(fold) for fold in folds]
        assert sum(sizes) == len(set.union(*folds)) == len(names)
        assert all(abs(size - len(names) / 5) < 5 * (len(names) * 0.16) ** 0.5 for size in sizes)


def test_a_fold_is_the_hash_modulo_the_number_of_folds():
    folds = hash_folds(NAMES[:100], 7)
    for name in NAMES[:100]:
        digest = hashlib.sha256(f"fold:{name}".encode()).hexdigest()
        assert name in folds[int(digest, 16) % 7]


def test_the_seed_draws_anew_and_no_share_of_test_leaves_it_empty():
    assert split_of_each(NAMES[:50], 1) != split_of_each(NAMES[:50], 2)
    assert hash_split(NAMES[:50], 0.5, 0, 0.5)[Split.TEST] == []


def test_groups_stay_together_and_move_for_no_other_group():
    subjects = [str(number) for number in range(200)]
    frame = pd.DataFrame({"subject": subjects, "group": [f"g{int(s) // 4}" for s in subjects]})
    expected = split_of_each([f"g{number}" for number in range(50)])
    for rows in (frame, frame.iloc[::-1], frame.iloc[80:]):
        splits = DatasetSplits.from_hash(rows, *SHARES, group_column="group")
        found = {group: split for split in Split for group in splits[split]["group"]}
        assert found == {group: expected[group] for group in rows["group"]}


def test_a_split_left_empty_is_told_with_a_way_out():
    with pytest.raises(DatasetError, match=r"leaves Val empty .*0\.01 of Val.*split_by_hash=False"):
        hash_split(NAMES[:5], 0.98, 0.01, 0.01)
    with pytest.raises(DatasetError, match="must add up to 1"):
        DatasetSplits.from_hash(pd.DataFrame({"subject": NAMES[:9]}), 0.5, 0.5, 0)
