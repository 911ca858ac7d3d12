"""InnerEye's own signed-rank test: the conformance cases and what they leave open."""

import pytest

from innereye.metrics.statistics.wilcoxon import adjustment_factor, wilcoxon_scores


def test_conformance_case_0_two_dictionaries():
    found = wilcoxon_scores({"foo": 2.0, "bar": 3.0}, {"foo": 2.5, "baz": 4.0}, factor=1.0)
    assert (found.subjects, found.higher_1, found.higher_2) == (1, 0, 1)
    assert (found.mean_1, found.mean_2, found.median_1, found.median_2) == (2.0, 2.5, 2.0, 2.5)
    assert found.z == pytest.approx(1.0, abs=1e-9)
    assert found.p == pytest.approx(0.8413447460685429, abs=1e-9)


@pytest.mark.parametrize(
    ("structure", "factor"), [("SKIN", 2.0), ("skin", 2.0), ("External", 2.0), ("foo_bar", 1.25)]
)
def test_conformance_case_2_adjustment_factors(structure, factor):
    assert adjustment_factor(structure) == factor
    assert adjustment_factor(structure, raw=True) == 1


def test_ranks_by_hand():
    # Differences 0, 1, -2, 2, 4: midranks 1, 2.5, 2.5, 4 with signs + - + +: W = 5 of sqrt(30).
    second = {"a": 5.0, "b": 6.0, "c": 3.0, "d": 7.0, "e": 9.0}
    found = wilcoxon_scores(dict.fromkeys("abcde", 5.0), second, factor=1.25)
    assert (found.subjects, found.higher_1, found.higher_2) == (5, 1, 3)
    assert found.z == pytest.approx(5 / 30**0.5)
    # NormalCDF(0.912871 / 1.25 = 0.730297)
    assert found.p == pytest.approx(0.767395, abs=1e-6)


def test_equal_models_have_no_z():
    found = wilcoxon_scores({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 2.0}, factor=1.0)
    assert (found.z, found.p, found.higher_1, found.higher_2) == (0, 0.5, 0, 0)


def test_no_shared_subject_is_no_comparison():
    assert wilcoxon_scores({"a": 1.0}, {"b": 1.0}, factor=1.0) is None
