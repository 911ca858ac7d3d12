"""The bootstrap: subjects are drawn whole, the same ones every time, whatever the order of rows."""

import math

import numpy as np
import pytest

from innereye.metrics.scalar.resampling import bootstrap, percentile_interval, resampled_rows

NAN = math.nan


def test_all_rows_of_a_subject_are_drawn_together():
    subjects = ["b", "a", "b", "c", "a", "b"]
    for rows in resampled_rows(subjects, resamples=20):
        drawn = [subjects[row] for row in rows]
        whole = [drawn.count(name) / subjects.count(name) for name in ("a", "b", "c")]
        assert sum(whole) == 3
        assert all(times == round(times) for times in whole)


@pytest.mark.parametrize("subjects", [["a", "b", "c"], ["a", "b", "a"]])
def test_draws_depend_on_the_seed_alone(subjects):
    def drawn(seed):
        return [rows.tolist() for rows in resampled_rows(subjects, resamples=9, seed=seed)]

    assert drawn(0) == drawn(0) != drawn(1)


def test_the_order_of_rows_does_not_matter():
    values = np.array([1.0, 5.0, 2.0, 9.0])
    names = ["a", "b", "c", "d"]
    turned = bootstrap(lambda rows: {"mean": values[::-1][rows].mean()}, names[::-1])
    assert bootstrap(lambda rows: {"mean": values[rows].mean()}, names) == turned


def test_the_interval_of_a_mean_is_near_that_of_its_standard_error():
    values = np.random.default_rng(0).normal(size=200)
    names = [str(row) for row in range(200)]
    found = bootstrap(lambda rows: {"mean": values[rows].mean()}, names)["mean"]
    reach = 1.96 * values.std() / math.sqrt(200)
    assert found.low == pytest.approx(values.mean() - reach, abs=0.02)
    assert found.high == pytest.approx(values.mean() + reach, abs=0.02)


def test_rows_of_the_same_subjects_do_not_make_an_interval_narrower():
    values = np.random.default_rng(0).normal(size=50)
    once = bootstrap(lambda rows: {"mean": values[rows].mean()}, list(map(str, range(50))))
    five = np.tile(values, 5)
    often = bootstrap(lambda rows: {"mean": five[rows].mean()}, list(map(str, range(50))) * 5)
    assert often["mean"].low == pytest.approx(once["mean"].low)


@pytest.mark.parametrize("subjects", [[], ["a"], ["a", "a"]])
def test_one_subject_has_no_interval(subjects):
    assert math.isnan(bootstrap(lambda rows: {"n": float(len(rows))}, subjects)["n"].low)


def test_a_few_resamples_may_lack_a_value_but_not_many():
    values = np.arange(100.0)
    assert percentile_interval(np.where(values < 10, NAN, values)).low > 10
    assert math.isnan(percentile_interval(np.where(values < 11, NAN, values)).low)
    assert math.isnan(percentile_interval(np.array([])).low)
