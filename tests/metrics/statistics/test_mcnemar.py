"""McNemar's test: signs by hand, p as statsmodels has it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from innereye.metrics.statistics.mcnemar import McNemar, mcnemar, mcnemar_of_counts


def test_the_list_that_is_more_often_higher_gives_the_sign():
    found = mcnemar(np.array([1, 2, 3, 4, 5]), np.array([2, 3, 4, 4, 1]))
    assert found.z == pytest.approx((3 - 1) / 2)
    assert found.chi2 == pytest.approx(1)


def test_lists_without_a_difference():
    assert mcnemar(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == McNemar(0, 0, 1)
    assert mcnemar_of_counts(0, 0) == McNemar(0, 0, 1)


def test_pairs_that_lack_a_value_do_not_count():
    found = mcnemar(np.array([1.0, math.nan, 3.0]), np.array([2.0, 2.0, math.nan]))
    assert found == mcnemar_of_counts(0, 1)


@given(st.integers(0, 40), st.integers(1, 40))
def test_statsmodels_has_the_same(first, second):
    found = mcnemar_of_counts(first, second)
    expected = statsmodels_mcnemar([[5, first], [second, 5]], exact=False, correction=False)
    assert (found.chi2, found.p) == pytest.approx((expected.statistic, expected.pvalue))


def test_lists_must_be_equally_long():
    with pytest.raises(ValueError, match=r"first \(2,\)"):
        mcnemar(np.ones(2), np.ones(3))
