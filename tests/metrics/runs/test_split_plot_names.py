"""The names of the box plots are the original's, and known from the structures alone."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.metrics.runs.split_plot_names import split_plot_names, structure_groups
from innereye.names import DICE, HAUSDORFF, MEAN_DISTANCE, Split


@given(st.sets(st.text(max_size=4), max_size=60))
def test_groups_are_balanced_and_lose_no_structure(structures):
    groups = structure_groups(structures)
    sizes = [len(group) for group in groups]
    assert [name for group in groups for name in group] == sorted(structures)
    assert max(sizes) <= 7
    assert max(sizes) - min(sizes) <= 1
    assert len(groups) == max(1, -(-len(structures) // 7))


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, [0]),
        (1, [1]),
        (7, [7]),
        (8, [4, 4]),
        (9, [5, 4]),  # the end of the first, 4.5, is rounded up
        (13, [7, 6]),
        (15, [5, 5, 5]),
        (16, [5, 6, 5]),  # 5.33 and 10.67
        (20, [7, 6, 7]),  # 6.67 and 13.33
        (22, [6, 5, 6, 5]),  # 5.5, 11 and 16.5
    ],
)
def test_ends_are_rounded_half_up(count, sizes):
    groups = structure_groups(f"{number:02d}" for number in range(count))
    assert [len(group) for group in groups] == sizes


def test_a_structure_given_twice_is_one():
    assert structure_groups(["b", "a", "b"]) == [["a", "b"]]


@pytest.mark.parametrize(
    ("metric", "mode", "name"),
    [
        (DICE, Split.TEST, "Dice_Test_Splits.png"),
        (DICE, Split.VAL, "Dice_Val_Splits.png"),
        (HAUSDORFF, Split.TEST, "HausdorffDistance_mm_Test_splits.png"),
        (HAUSDORFF, Split.VAL, "HausdorffDistance_mm_Val_splits.png"),
        (MEAN_DISTANCE, Split.TEST, "MeanDistance_mm_Test_splits.png"),
    ],
)
def test_one_plot_has_no_number(metric, mode, name):
    assert split_plot_names(metric, mode, "abcdefg") == [name]


def test_several_plots_are_numbered_from_1():
    assert split_plot_names(DICE, Split.VAL, "abcdefgh") == [
        "Dice_Val_Splits_1.png",
        "Dice_Val_Splits_2.png",
    ]
    assert split_plot_names(HAUSDORFF, Split.TEST, "abcdefghijklmnop")[2:] == [
        "HausdorffDistance_mm_Test_splits_3.png"
    ]


def test_names_need_nothing_that_is_slow_to_import():
    program = (
        "import sys, innereye.metrics.runs.split_plot_names;"
        "print(*{'matplotlib', 'numpy', 'pandas', 'scipy', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == []
