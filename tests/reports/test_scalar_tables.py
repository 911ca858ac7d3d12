"""Are numbers and their intervals shown as they are?"""

import math

import pandas as pd
import pytest

from innereye.metrics.scalar.headline import headline_numbers
from innereye.reports.scalar_tables import (
    classification_rows,
    own_unit_text,
    regression_rows,
    subject_rows,
    value_in_words,
)

ROWS = pd.DataFrame(
    {
        "subject": ["a", "b", "c", "d"],
        "label": [0.0, 0.0, 1.0, 1.0],
        "model_output": [0.1, 0.6, 0.5, 0.9],
    }
)


@pytest.fixture(scope="module")
def headline():
    found = headline_numbers(ROWS, is_classification=True, threshold=0.05, resamples=20)
    return found.set_index("metric")


def test_a_complement_has_the_interval_of_its_rate_seen_from_the_other_end(headline):
    rows = {row[0]: row[1:] for row in classification_rows(headline)}
    rate, complement = (
        rows[f"{name} at optimal threshold"] for name in ("False positive rate", "Specificity")
    )
    assert (rate[0], complement[0]) == ("1.0000", "0.0000")
    low, high = map(float, rate[1].split(" to "))
    assert complement[1] == f"{1 - high:.4f} to {1 - low:.4f}"


def test_a_threshold_that_was_not_chosen_is_not_called_optimal(headline):
    titles = [row[0] for row in classification_rows(headline, is_optimal=False)]
    assert "Threshold" in titles
    assert "Accuracy at threshold" in titles
    assert not any("ptimal" in title for title in titles)


def test_what_has_no_interval_stands_alone(headline):
    assert value_in_words(headline, "area_under_roc_curve").startswith("0.7500 (")
    single = headline_numbers(ROWS.iloc[:1], is_classification=True, resamples=20)
    assert value_in_words(single.set_index("metric"), "area_under_roc_curve") == "-"


@pytest.mark.parametrize(
    ("value", "text"),
    [(47.5, "47.500"), (-0.25371, "-0.25371"), (123456.0, "1.2346e+05"), (math.nan, "-")],
)
def test_values_in_their_own_unit_have_five_digits(value, text):
    assert own_unit_text(value) == text


def test_a_regression_has_its_error_in_the_list():
    assert subject_rows(ROWS.iloc[1:2], is_classification=False) == [
        ("1", "b", "0.0000", "0.60000", "0.60000")
    ]
    found = headline_numbers(ROWS, is_classification=False, resamples=20).set_index("metric")
    assert regression_rows(found)[0][:2] == ("Mean absolute error", "0.32500")
