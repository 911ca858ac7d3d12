"""Holm's correction: by hand, in any order, and only for what was tested."""

import gc
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.metrics.statistics.holm import holm

NAN = math.nan


@pytest.fixture(scope="module", autouse=True)
def _quick_garbage_collection():
    """Hide the session's objects: statsmodels collects garbage at each correction."""
    gc.freeze()
    yield
    gc.unfreeze()


def step_by_step(p_values):
    """Return Holm's p values as his paper has them: the smallest first, against ever fewer tests."""
    corrected, highest = dict.fromkeys(range(len(p_values)), 1.0), 0.0
    for step, place in enumerate(np.argsort(p_values)):
        highest = max(highest, min(1.0, (len(p_values) - step) * p_values[place]))
        corrected[int(place)] = highest
    return list(corrected.values())


def test_three_values_by_hand():
    # 0.01 x 3, 0.03 x 2, then 0.04 x 1 lifted to the one before it.
    assert holm(np.array([0.04, 0.01, 0.03])) == pytest.approx([0.06, 0.03, 0.06])


def test_what_was_not_tested_stays_so_and_counts_for_none():
    assert holm(np.array([NAN, 0.01, NAN, 0.5])) == pytest.approx(
        [NAN, 0.02, NAN, 0.5], nan_ok=True
    )


@pytest.mark.parametrize("values", [[], [NAN], [NAN, NAN]])
def test_a_family_without_a_test(values):
    assert holm(np.array(values)).tolist() == pytest.approx(values, nan_ok=True)


def test_nothing_exceeds_one():
    assert holm(np.array([0.9, 0.8])).tolist() == [1, 1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holms_steps_give_the_same(values):
    assert holm(np.array(values)).tolist() == pytest.approx(step_by_step(values))
