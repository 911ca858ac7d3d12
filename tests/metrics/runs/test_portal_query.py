"""The query for the scans of outliers."""

import pandas as pd
import pytest

from innereye.metrics.runs.portal_query import portal_query

SERIES = "r.VersionedDicomImageSeries.Latest.Series.InstanceUID"


def rows(*rows):
    return pd.DataFrame(rows, columns=["Patient", "seriesId", "institutionId"])


def test_each_id_stands_once_in_the_order_of_the_patients():
    assert portal_query(rows(("10", "s3", "B"), ("9", "s2", "A"), ("11", "s3", "A"))) == (
        'SELECT * FROM ROOT as r WHERE true AND (r.InstitutionId = "A" OR r.InstitutionId = "B") '
        f'AND (STARTSWITH({SERIES},"s2") OR STARTSWITH({SERIES},"s3"))'
    )


@pytest.mark.parametrize(
    ("series", "institution", "condition"),
    [
        ("", "A", 'AND (r.InstitutionId = "A")'),
        ("s", "", f'AND (STARTSWITH({SERIES},"s"))'),
    ],
)
def test_the_part_without_ids_is_left_out(series, institution, condition):
    query = portal_query(rows(("1", series, institution), ("2", "", "")))
    assert query == f"SELECT * FROM ROOT as r WHERE true {condition}"


@pytest.mark.parametrize("given", [rows(), rows(("1", "", "")), rows(("1", "s", "A"))[["Patient"]]])
def test_without_ids_there_is_no_query(given):
    assert portal_query(given) == ""


def test_a_quotation_mark_in_an_id_does_not_end_the_text():
    assert r'"a\" OR true"' in portal_query(rows(("1", 'a" OR true', "")))
