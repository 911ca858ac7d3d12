"""Numbers of result files: fixed decimals, an empty field for NaN, `inf`."""

import math

import pandas as pd
import pytest

from innereye.metrics.scalar.number_texts import number_text, write_numbers


@pytest.mark.parametrize(
    ("value", "text"), [(1 / 3, "0.3333"), (math.nan, ""), (math.inf, "inf"), (2, "2.0000")]
)
def test_a_number_as_text(value, text):
    assert number_text(value, 4) == text


def test_floats_get_decimals_and_chosen_columns_only_if_given(tmp_path):
    table = pd.DataFrame({"n": [1, 2], "x": [0.5, math.nan], "t": ["01", "b"]})
    write_numbers(tmp_path / "t.csv", table, decimals=2)
    assert (tmp_path / "t.csv").read_text() == "n,x,t\n1,0.50,01\n2,,b\n"
    write_numbers(tmp_path / "t.csv", table[["n"]], decimals=1, columns=["n"])
    assert (tmp_path / "t.csv").read_text() == "n\n1.0\n2.0\n"
