"""A split by institutions: each is parted on its own, by the original's rule or exactly."""

from collections import Counter
from itertools import chain

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.data.splits import DatasetSplits
from innereye.errors import DatasetError
from innereye.names import Split

SHARES = (0.5, 0.2, 0.3)  # Train, Test, Val


def frame(institutions):
    """Return two rows a subject; subject 1 belongs to the first institution, and so on."""
    rows = [(str(n), name) for n, name in enumerate(institutions, start=1) for _ in "ab"]
    return pd.DataFrame(rows, columns=["subject", "institutionId"])


def split(institutions, **settings):
    return DatasetSplits.from_institutions(frame(institutions), *SHARES, **settings)


def test_subjects_for_test_are_taken_out_after_the_shuffle():
    # random.Random(0) makes 8 9 2 6 4 5 3 1 10 7 of 1 to 10. Without 8 the rule gives 9 to Train, 2
    # to Test, 6 to Val; of the other six, half to Train, one is left to Val, two go to Test.
    splits = split("a" * 10, subject_ids_for_test_only=[8])
    assert set(splits.subjects(Split.TRAIN)) == {"9", "4", "5", "3"}
    assert set(splits.subjects(Split.TEST)) == {"8", "2", "10", "7"}
    assert set(splits.subjects(Split.VAL)) == {"6", "1"}


def test_rows_are_in_order_of_the_institutions():
    splits = split("bababababababa", shuffle=False)
    for part in (splits.train, splits.val, splits.test):
        assert list(part["institutionId"]) == sorted(part["institutionId"])
    assert splits.subjects(Split.TRAIN)[0] == "2"  # the first of institution a


@settings(max_examples=40)
@given(st.text("abc", min_size=6, max_size=40), st.booleans(), st.integers(0, 3))
def test_every_subject_is_in_one_split_and_each_institution_trains(institutions, exact, seed):
    institutions += "d" * 6  # so that Val is never empty
    splits = split(institutions, exact=exact, random_seed=seed)
    parts = [splits.subjects(each) for each in Split]
    assert sorted(chain.from_iterable(parts)) == sorted(map(str, range(1, len(institutions) + 1)))
    assert set(splits.train["institutionId"]) == set(institutions)


@settings(max_examples=40)
@given(st.lists(st.integers(3, 30), min_size=1, max_size=4))
def test_exact_shares_hold_in_each_institution(sizes):
    institutions = "".join(name * size for name, size in zip("abcd", sizes, strict=False))
    splits = split(institutions, exact=True)
    for part, share in zip((splits.train, splits.test, splits.val), SHARES, strict=True):
        counts = Counter(part["institutionId"][::2])
        for name, size in zip("abcd", sizes, strict=False):
            assert counts[name] >= 1
            assert abs(counts[name] - share * size) < 1 or counts[name] == 1 or size < 6


def test_an_institution_with_two_subjects_trains_and_tests():
    splits = split("aabbbbbb", exact=True, shuffle=False)
    assert "1" in splits.subjects(Split.TRAIN)
    assert "2" in splits.subjects(Split.TEST)


def test_a_subject_of_two_institutions_is_told():
    rows = frame("aaabbb")
    rows.loc[1, "institutionId"] = "b"
    with pytest.raises(DatasetError, match="subject '1' has several institutions: a, b"):
        DatasetSplits.from_institutions(rows, *SHARES)


def test_two_subjects_are_too_few():
    with pytest.raises(DatasetError, match="at least 3 subjects"):
        split("ab")
