"""Two equal models, 2,000 times over: how often does the table of tests call one of them better?"""

import gc

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.statistics.paired_tests import paired_tests

pytestmark = pytest.mark.slow

REPETITIONS = 2000
STRUCTURES = ("bladder", "femur_l", "femur_r", "prostate", "rectum")
LEVEL = 0.05
# Dice below this is a structure that was missed: Dice 0 and infinite distances.
MISSED = 0.45


@pytest.fixture(scope="module", autouse=True)
def _quick_garbage_collection():
    """Hide the session's objects: statsmodels collects garbage at each correction."""
    gc.freeze()
    yield
    gc.unfreeze()


def two_runs(rng, subjects, gain=0.0):
    """Return the runs table of two models, the second better by `gain` standard deviations.

    Hard subjects are hard for both models and in all structures; a model that is good on a subject
    is so in all structures of it. All numbers are rounded as in files, and distances lie on a grid.
    """
    shape = (2, len(STRUCTURES), subjects)
    quality = 1.3 + rng.normal(0, 0.6, (1, 1, subjects)) + rng.normal(0, 0.3, shape[1:])
    luck = 0.6 * rng.normal(0, 0.3, (2, 1, subjects)) + 0.8 * rng.normal(0, 0.3, shape)
    quality = quality + luck + gain * 0.3 * np.array([0, 1])[:, None, None]
    dice = (1 / (1 + np.exp(-quality))).round(3)
    hausdorff = (8 * np.exp(rng.normal(0, 0.3, shape) - quality / 2)).round()
    mean_distance = (2 * np.exp(rng.normal(0, 0.1, shape) - quality)).round(1)
    is_missed = dice < MISSED
    run, structure, subject = (axis.ravel() for axis in np.indices(shape))
    return pd.DataFrame(
        {
            "Patient": subject.astype(str),
            "Structure": np.array(STRUCTURES)[structure],
            "Dice": 100 * np.where(is_missed, 0, dice).ravel(),
            "HausdorffDistance_mm": np.where(is_missed, np.inf, hausdorff).ravel(),
            "MeanDistance_mm": np.where(is_missed, np.inf, mean_distance).ravel(),
            "seriesId": "",
            "split": np.array(["A", "B"])[run],
            "mode": "Test",
        }
    )


def simulated(subjects, *, repetitions=REPETITIONS, gain=0.0):
    """Return the smallest p of each repetition, first as it is, then corrected; and the verdicts."""
    rng = np.random.default_rng(20240229)
    smallest, verdicts = [], []
    for _ in range(repetitions):
        tests = paired_tests(two_runs(rng, subjects, gain), level=LEVEL)
        assert len(tests) == 3 * len(STRUCTURES)
        smallest.append((tests["p_value"].min(), tests["p_holm"].min()))
        verdicts.append(set(tests["verdict"]) - {""})
    return np.array(smallest), verdicts


# 40 subjects: exact p values; 80: the normal approximation.
@pytest.mark.parametrize("subjects", [40, 80])
def test_equal_models_are_rarely_told_apart(subjects, capsys, record_property):
    smallest, verdicts = simulated(subjects)
    uncorrected, corrected = (smallest < LEVEL).mean(axis=0)
    record_property("family_wise_error", corrected)
    with capsys.disabled():
        print(  # noqa: T201  # the figure is what this test is for
            f"\n{subjects} subjects, {REPETITIONS} repetitions: family-wise error "
            f"{corrected:.4f} with Holm's correction, {uncorrected:.4f} without"
        )
    assert corrected <= 0.055
    assert corrected > 0.01, "so careful a test finds nothing"
    assert uncorrected > 0.15, "without many tests, the correction proves nothing"
    assert np.mean([bool(words) for words in verdicts]) == corrected


def test_a_real_difference_is_found_and_called_by_its_name():
    smallest, verdicts = simulated(40, repetitions=200, gain=1.0)
    assert (smallest[:, 1] < LEVEL).mean() > 0.9
    assert sum("worse" in words for words in verdicts) <= 2
