"""Extents and gaps of structures are told as the original tells them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.metrics.structure_extremes import (
    HEADER,
    Extent,
    extent_of,
    missing_ranges,
    structure_extents,
    structure_line,
)

NAMES = {"subject": "123", "series": "abcdefgh", "structure": "armpit"}


@pytest.mark.parametrize(
    ("presence", "expected"),
    [
        ([1, 2, 3], []),
        ([1, 2, 5, 7, 20], ["3-4", "6", "8-19"]),
        ([], []),
        ([7], []),
    ],
)
def test_gaps_of_the_original(presence, expected):
    assert missing_ranges(presence) == expected


def test_the_extent_of_the_original():
    assert extent_of([1, 2, 3, 4, 5, 8, 9], 123) == Extent(1, 9, 123, ("6-7",))


def armpit():
    mask = np.zeros((10, 15, 20), bool)
    mask[3:8, 4:12, 8:15] = True
    return mask


def test_the_line_of_the_original():
    line = structure_line(structure_extents(armpit()), **NAMES)
    assert line == "  3   7   9   4  11  14   8  14  19    123 abcdefgh armpit         "
    assert [HEADER.index(name) for name in ("Sub", "Series")] == [39, 43]


def test_gaps_stand_behind_the_line():
    mask = armpit()
    mask[5] = False
    mask[:, :, 10:12] = False
    line = structure_line(structure_extents(mask), **{**NAMES, "series": "abcdefghijk"})
    assert line.endswith(" 123 abcdefgh armpit          xMs:5 zMs:10-11")


def test_an_empty_structure_has_no_extent():
    empty = structure_extents(np.zeros((2, 3, 4), bool))
    assert empty == (Extent(-1, -1, 1), Extent(-1, -1, 2), Extent(-1, -1, 3))
    assert not any(extent.reaches_edge for extent in empty)


@settings(max_examples=40)
@given(presence=st.sets(st.integers(0, 30), min_size=1))
def test_an_extent_and_its_gaps_tell_every_slice(presence):
    extent = extent_of(sorted(presence), 30)
    ends = [[int(end) for end in gap.split("-")] for gap in extent.missing]
    missing = {number for gap in ends for number in range(gap[0], gap[-1] + 1)}
    assert set(range(extent.lowest, extent.highest + 1)) - missing == presence
    assert extent.reaches_edge == bool(presence & {0, 30})
