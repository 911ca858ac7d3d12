"""Lists of the surest hits and mistakes: by the threshold of Val, surest first."""

import math

import numpy as np
import pandas as pd
import pytest

from innereye.metrics.scalar.best_and_worst import Outcome, as_lines, best_and_worst


def rows(*content):
    return pd.DataFrame(content, columns=["subject", "label", "model_output"])


ROWS = rows(
    ("a", 1, 0.9), ("b", 1, 0.6), ("c", 1, 0.1), ("d", 1, 0.3), ("e", 0, 0.8), ("f", 0, 0.95),
    ("g", 0, 0.2), ("h", 0, 0.05),
)  # fmt: skip


def test_each_list_begins_with_the_surest():
    found = best_and_worst(ROWS, threshold=0.6)
    assert {str(outcome): list(table["subject"]) for outcome, table in found.items()} == {
        "false positives": ["f", "e"],
        "false negatives": ["c", "d"],
        "true positives": ["a", "b"],
        "true negatives": ["h", "g"],
    }


def test_a_list_ends_after_so_many():
    found = best_and_worst(ROWS, threshold=0.6, number=1)
    assert found[Outcome.FALSE_NEGATIVE]["subject"].tolist() == ["c"]


def test_subjects_of_equal_output_come_by_name():
    found = best_and_worst(rows(("10", 1, 0.5), ("9", 1, 0.5)), threshold=0.1)
    assert found[Outcome.TRUE_POSITIVE]["subject"].tolist() == ["9", "10"]


def test_an_output_at_the_threshold_of_32_bits_is_positive():
    found = best_and_worst(rows(("1", 1, 0.8)), threshold=float(np.float32(0.8)))
    assert len(found[Outcome.TRUE_POSITIVE]) == 1


@pytest.mark.parametrize(("table", "threshold"), [(ROWS, math.nan), (ROWS.iloc[:0], 0.5)])
def test_nothing_to_list_gives_empty_lists(table, threshold):
    assert not any(len(found) for found in best_and_worst(table, threshold=threshold).values())


def test_lines_to_the_letter():
    found = best_and_worst(ROWS, threshold=0.6)[Outcome.FALSE_POSITIVE]
    assert as_lines(found) == ["1. ID f Score: 0.95000", "2. ID e Score: 0.80000"]
