"""Features of Train have mean 0 and deviation 1; those of the others follow the same line."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from innereye.data.scalar.standardisation import Standardisation

VALUES = arrays(np.float32, (7, 2), elements=st.integers(-1000, 1000))


@given(VALUES)
def test_train_has_mean_0_and_deviation_1(values):
    scaled = Standardisation.fit(["a", "b"], values).apply(values)
    for before, after in zip(values.T, scaled.T, strict=True):
        if before.min() == before.max():
            np.testing.assert_array_equal(after, before)
        else:
            assert after.mean() == pytest.approx(0, abs=1e-4)
            assert after.std(ddof=1) == pytest.approx(1, abs=1e-4)


@given(VALUES)
def test_statistics_survive_json_to_the_last_bit(values):
    fitted = Standardisation.fit(["a", "b"], values)
    again = Standardisation.from_plain(json.loads(json.dumps(fitted.to_plain())))
    assert again == fitted


def test_only_finite_values_count():
    values = np.array([[1], [np.nan], [3], [np.inf]], np.float32)
    fitted = Standardisation.fit(["a"], values)
    assert (fitted.mean, fitted.std) == ((2.0,), (pytest.approx(2**0.5),))


@pytest.mark.parametrize("column", [[5, 5, 5], [np.nan] * 3, [4, np.nan, np.nan]])
def test_a_feature_without_deviation_stays_as_it_is(column):
    values = np.array(column, np.float32)[:, None]
    np.testing.assert_array_equal(Standardisation.fit(["a"], values).apply(values), values)


def test_no_features_are_fine():
    fitted = Standardisation.fit([], np.zeros((3, 0), np.float32))
    assert fitted.apply(np.zeros((5, 0), np.float32)).shape == (5, 0)
    with pytest.raises(ValueError, match="2 features"):
        Standardisation.fit(["a", "b"], np.zeros((3, 1)))
