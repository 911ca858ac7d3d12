"""Dice: shared voxels against all voxels."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from innereye.metrics.overlap import dice

SHAPE = (3, 4, 5)
masks = arrays(bool, SHAPE)


def test_dice_counted_by_hand():
    prediction = np.array([[[1, 1, 1, 0, 0]]], bool)
    truth = np.array([[[0, 1, 1, 1, 1]]], bool)
    assert dice(prediction, truth) == pytest.approx(4 / 7)


def test_dice_of_two_empty_masks_is_missing():
    assert math.isnan(dice(np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)))


def test_dice_of_one_empty_mask_is_zero():
    assert dice(np.ones(SHAPE, bool), np.zeros(SHAPE, bool)) == 0


@given(masks, masks)
def test_dice_is_symmetric_and_one_only_for_equal_masks(prediction, truth):
    value = dice(prediction, truth)
    if math.isnan(value):
        assert not prediction.any() and not truth.any()
        return
    assert value == dice(truth, prediction)
    assert 0 <= value <= 1
    assert (value == 1) == bool((prediction == truth).all())


@given(masks, st.integers(1, 4))
def test_dice_does_not_see_empty_space_around(mask, margin):
    other = np.roll(mask, 1, axis=2)
    padded = dice(np.pad(mask, margin), np.pad(other, margin))
    assert padded == pytest.approx(dice(mask, other), nan_ok=True)
