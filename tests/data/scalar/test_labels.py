"""Every text of a label has one meaning, or a sentence that says why it has none."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.data.scalar.labels import LabelKind, label_kind, parse_label, parse_number

NAN = math.nan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(text, 1.0) for text in ("true", "True", "TRUE", "yes", "Yes", "1", " true ")],
        *[(text, 0.0) for text in ("false", "False", "FALSE", "no", "No", "0")],
        *[(text, NAN) for text in ("", " ", "nan", "NaN", "N/A")],
    ],
)
def test_yes_and_no(text, expected):
    label = parse_label(text, LabelKind.BINARY)
    np.testing.assert_array_equal(label, np.array([expected], np.float32))
    assert label.dtype == np.float32


@pytest.mark.parametrize("text", ["2", "1.0", "tru", "0|1", "-1", "y"])
def test_other_texts_are_no_yes_or_no(text):
    with pytest.raises(ValueError, match=f"label '{text[0]}"):
        parse_label(text, LabelKind.BINARY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", [1, 0, 0, 0]),
        ("3", [0, 0, 0, 1]),
        ("0|2", [1, 0, 1, 0]),
        ("2|0", [1, 0, 1, 0]),
        ("1 | 3", [0, 1, 0, 1]),
        ("1|1", [0, 1, 0, 0]),
        ("", [0, 0, 0, 0]),
        ("nan", [0, 0, 0, 0]),
    ],
)
def test_classes_that_are_present(text, expected):
    assert parse_label(text, LabelKind.MULTI_LABEL, 4).tolist() == expected


@pytest.mark.parametrize("text", ["4", "0|4", "true", "1,2", "|", "1|", "-1", "0.5", "10"])
def test_other_texts_are_no_classes(text):
    with pytest.raises(ValueError, match="label '"):
        parse_label(text, LabelKind.MULTI_LABEL, 4)


@given(st.sets(st.integers(0, 11)))
def test_classes_come_back(classes):
    label = parse_label("|".join(map(str, classes)), LabelKind.MULTI_LABEL, 12)
    assert set(np.flatnonzero(label)) == classes


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_numbers_come_back(number):
    assert parse_label(repr(number), LabelKind.REGRESSION) == np.float32(number)


@pytest.mark.parametrize("text", ["true", "1,5", "1_000", "5 mm", "0|1"])
def test_other_texts_are_no_numbers(text):
    with pytest.raises(ValueError, match="is no number"):
        parse_number(text)


def test_a_number_that_is_unknown_is_nan():
    assert np.isnan(parse_label(" ", LabelKind.REGRESSION)).all()


def test_a_number_beyond_float32_is_infinite():
    assert np.isinf(parse_label("1e39", LabelKind.REGRESSION)).all()


def test_the_kind_follows_from_the_classes_and_the_loss():
    assert label_kind(1, is_regression=False) is LabelKind.BINARY
    assert label_kind(2, is_regression=False) is LabelKind.MULTI_LABEL
    assert label_kind(1, is_regression=True) is LabelKind.REGRESSION
