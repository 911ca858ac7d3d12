"""Is the threshold the best of its rows, and is it said where there is none?"""

import pandas as pd
import pytest

from innereye.reports.scalar_threshold import choose_threshold


def rows(labels, outputs):
    return pd.DataFrame({"label": labels, "model_output": outputs}, dtype=float)


def test_the_threshold_tells_the_classes_apart():
    found = choose_threshold(rows([0, 0, 1, 1], [0.1, 0.25, 0.75, 0.9]), of="Val")
    assert (found.value, found.is_optimal) == (0.75, True)
    assert "highest on Val" in str(found)


@pytest.mark.parametrize(
    ("labels", "outputs", "words"),
    [([], [], "no results on Val"), ([1, 1], [0.2, 0.9], "one class only")],
)
def test_without_a_choice_it_is_a_half_and_said(labels, outputs, words):
    found = choose_threshold(rows(labels, outputs), of="Val")
    assert (found.value, found.is_optimal) == (0.5, False)
    assert words in str(found)


def test_where_none_is_better_than_chance_none_is_reached():
    found = choose_threshold(rows([1, 0], [0.25, 0.5]), of="Val")
    assert found.value == 1.5
    assert "above all outputs" in str(found)
