"""What the files show of a model's limits is said in sentences with numbers."""

import math

import numpy as np
import pytest
from scipy import stats

from card_runs import scores_of, sheet_of
from innereye.names import DICE, HAUSDORFF, MEAN_DISTANCE, Split
from innereye.reports.few_subjects import FEW_SUBJECTS
from innereye.reports.model_card_limits import (
    can_have_outliers,
    few_subjects,
    institutions,
    limits_of_data,
    limits_of_scores,
    members,
    nowhere,
    on_one_side,
    outliers,
)
from innereye.reports.model_card_scores import ScoredSplit

MANY = [str(index) for index in range(1, 31)]


def scored(table, **more):
    return ScoredSplit(Split.TEST, "", table, **more)


def without(sheet, *pairs):
    """Return the rows of a table without those of some subjects and channels."""
    keys = list(zip(sheet["subject"], sheet["channel"], strict=True))
    return sheet[[key not in pairs for key in keys]]


def test_few_scores_are_counted_and_the_widest_interval_is_given():
    table = scores_of("123", Dice=[0.5, 0.6, 0.7, 0.1, 0.9, math.nan])
    (sentence,) = few_subjects(scored(table))
    low, high = stats.t.interval(0.95, 2, 0.6, stats.sem([0.5, 0.6, 0.7]))
    assert "left 3, right 2." in sentence
    assert "that of right: its 95 % interval, 0.000 to 1.000, is 1.000 wide" in sentence
    (sentence,) = few_subjects(scored(table[:3]))
    assert f"{low:.3f} to {high:.3f}, is {round(high, 3) - round(low, 3):.3f} wide" in sentence


@pytest.mark.parametrize(("count", "is_few"), [(FEW_SUBJECTS - 1, True), (FEW_SUBJECTS, False)])
def test_enough_scores_are_no_limit(count, is_few):
    assert bool(few_subjects(scored(scores_of(MANY[:count])))) == is_few


def test_a_single_subject_has_no_interval():
    assert few_subjects(scored(scores_of("1")))[0].endswith("None of these means has an interval.")


def test_masks_that_are_not_there_are_counted_in_each_part():
    train = without(sheet_of("1234"), ("2", "left"), ("4", "left"))
    parts = {"Train": train, "Test": without(sheet_of("56"), ("5", "right"))}
    sentences = limits_of_data(parts, ["left", "right"])
    assert "There is no mask of left in 2 of 4 subjects of Train (2, 4)" in sentences[0]
    assert "There is no mask of right in 1 of 2 subjects of Test (5)" in sentences[1]


def test_no_score_with_a_mask_means_that_nobody_found_the_structure():
    table = scores_of("12", Dice=[math.nan, 0.5, math.nan, 0.5])
    parts = {"Test": without(sheet_of("12"), ("1", "right"))}
    assert nowhere(scored(table), parts) == [
        "left is in neither truth nor segmentation in 1 of 2 subjects of Test (1): no score."
    ]


def test_structures_on_one_side_are_named_with_their_subjects():
    infinite = [math.inf, 1.0, math.inf, 1.0, 1.0, 1.0]
    table = scores_of("123").assign(**{HAUSDORFF: infinite, DICE: [0, 0.9, 0, 0.9, 0.9, 0.9]})
    (sentence,) = on_one_side(scored(table))
    assert sentence.startswith("left is in only one of truth and segmentation")
    assert "2 of 3 subjects of Test (1, 3)" in sentence


def test_outliers_are_named_with_their_values():
    dice = [0.9 + 0.001 * index for index in range(29)] + [0.1] + [0.5] * 30
    table = scores_of(MANY).assign(**{DICE: dice, HAUSDORFF: 1.0, MEAN_DISTANCE: 1.0})
    (sentence,) = outliers(scored(table[[*table.columns[:5]]]), outlier_range=3.0)
    assert sentence.startswith("Outliers: 1 score of 1 of 30 subjects of Test (30) more than 3 ")
    assert sentence.endswith(": 30, left: Dice 0.100.")


def test_more_outliers_than_are_shown_are_counted():
    infinite = np.where(np.arange(60) < 12, math.inf, 1.0)
    table = scores_of(MANY).assign(**{DICE: 0.5, HAUSDORFF: infinite, MEAN_DISTANCE: 1.0})
    (sentence,) = outliers(scored(table[[*table.columns[:5]]]), outlier_range=3.0)
    assert "Outliers: 12 scores of 12 of 30 subjects of Test" in sentence
    assert sentence.endswith("; and 2 more, see the report.")


@pytest.mark.parametrize("count", range(1, 16))
def test_where_no_score_can_be_an_outlier_that_is_said(count):
    # Nothing lies farther out than one value among equal ones.
    values = np.array([0.0] + [1.0] * (count - 1))
    spread = values.std(ddof=1) if count > 1 else 0
    assert can_have_outliers(count, 3.0) == (abs(values[0] - values.mean()) > 3.0 * spread)
    equal = {DICE: 0.5, HAUSDORFF: 1.0, MEAN_DISTANCE: 1.0}
    table = scores_of(MANY[:count]).assign(**equal)[["Patient", "Structure", *equal]]
    assert bool(outliers(scored(table), outlier_range=3.0)) == (not can_have_outliers(count, 3.0))


def test_institutions_and_members_are_compared_by_mean_dice_of_subjects():
    table = scores_of("1234", Dice=[0.2, 0.4, 0.8, 0.9, 0.4, 0.4, 0.8, math.nan])
    parts = {"Test": sheet_of("1234").assign(institutionId=["a"] * 6 + ["b"] * 6)}
    text = "goes from 0.350 (a, n 2) to 0.850 (b, n 2)."
    assert institutions(scored(table), parts) == [
        f"On Test the mean Dice of the institutions {text}"
    ]
    by_members = scored(table, member_of={"1": "a", "2": "a", "3": "b", "4": "b"})
    text = "goes from 0.350 (member a, n 2) to 0.850 (member b, n 2)."
    assert members(by_members) == [f"The mean Dice of the members, each on its own Test, {text}"]
    assert members(scored(table)) == []


@pytest.mark.parametrize(
    ("names", "sentence"), [("", "names no institutions"), ("a|b", "one institution, a\\|b.")]
)
def test_one_or_no_institution_is_a_limit(names, sentence):
    parts = {"Train": sheet_of("12", names), "Test": sheet_of("3", names)}
    assert sentence in limits_of_data(parts, ["left"])[-1]
    assert institutions(scored(scores_of("12")), parts) == []


def test_an_empty_split_shows_no_limit():
    nothing = scored(scores_of("1").iloc[:0])
    assert limits_of_scores(nothing, {"Test": sheet_of([])}, outlier_range=3.0) == []
