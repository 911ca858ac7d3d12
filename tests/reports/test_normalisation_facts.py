"""Only what has an effect on the grey values is named."""

import pytest

from innereye.data.normalisation import Normalisation
from innereye.names import NormMethod
from innereye.reports.normalisation_facts import facts_of, in_words


@pytest.mark.parametrize(
    ("method", "names"),
    [
        (NormMethod.UNCHANGED, set()),
        (NormMethod.SIMPLE, set()),
        (NormMethod.CT_WINDOW, {"window", "level", "output_range"}),
        (NormMethod.MRI_WINDOW, {"sharpen", "tail", "output_range"}),
        (NormMethod.TRIMMED, {"sharpen", "trim_percentiles", "output_range"}),
    ],
)
def test_fields_of_each_method(method, names):
    (first, value), *rest = facts_of(Normalisation(norm_method=method))
    assert (first, value) == ("norm_method", method)
    assert {name for name, _ in rest} == names


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.5, "0.5"),
        (600.0, "600"),
        ((1, 2.5), "1, 2.5"),
        ([[1, "a"], [2, None]], "(1, a), (2, None)"),
    ],
)
def test_values_are_short(value, words):
    assert in_words(value) == words
