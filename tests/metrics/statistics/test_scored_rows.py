"""Which rows a test looks at, and as which subject."""

import math

import pandas as pd
import pytest

from innereye.metrics.statistics.scored_rows import rows_of_subset, subject_keys


def test_the_series_is_the_key_and_the_patient_where_there_is_none():
    table = pd.DataFrame({"Patient": [1, "2", "3"], "seriesId": ["s1", "", math.nan]})
    assert subject_keys(table) == ["s1", "2", "3"]
    assert subject_keys(table.drop(columns="seriesId")) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("subset", "rows"), [("test", [1, 2]), ("TEST", [1, 2]), ("all", [0, 1, 2]), ("train", [])]
)
def test_a_subset_is_a_mode_in_any_case(subset, rows):
    table = pd.DataFrame({"mode": ["Val", "Test", "test"]})
    assert rows_of_subset(table, subset).index.tolist() == rows


def test_where_a_run_has_no_series_the_patient_is_the_key_of_all():
    table = pd.DataFrame(
        {"Patient": ["1", "1", "2"], "seriesId": ["s1", "", ""], "split": ["A", "B", "B"]}
    )
    assert subject_keys(table) == ["1", "1", "2"]
    assert subject_keys(table.assign(seriesId=["s1", "s1", ""])) == ["s1", "s1", "2"]
