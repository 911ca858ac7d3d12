"""What missing and infinite scores count when two runs are compared: each rule by itself."""

import math

import pandas as pd
import pytest

from innereye.metrics.statistics.paired_scores import paired_values, run_scores

INF, NAN = math.inf, math.nan
HAUSDORFF, MEAN = "HausdorffDistance_mm", "MeanDistance_mm"


def row(run, patient, dice, hausdorff, *, structure="liver", mode="Test", series=""):
    """Return one row of the runs table; the mean distance is half of Hausdorff's."""
    return {
        "Patient": patient,
        "Structure": structure,
        "Dice": dice,
        "HausdorffDistance_mm": hausdorff,
        "MeanDistance_mm": hausdorff / 2,
        "seriesId": series,
        "split": run,
        "mode": mode,
    }


def paired(rows, metric="Dice", *, subset="Test", **options):
    scores = run_scores(pd.DataFrame(rows), subset=subset)
    return paired_values(scores, "A", "B", metric, **options)


def pairs(rows, metric="Dice", structure="liver", **options):
    """Return the pairs of scores, subjects in text order."""
    found = paired(rows, metric, **options)[structure]
    return list(zip(found.values_1.tolist(), found.values_2.tolist(), strict=True))


# Subject 1 is ordinary in all tests, so that both runs were scored and measured.
ORDINARY = [row("A", "1", 80.0, 4.0), row("B", "1", 90.0, 2.0)]


def test_scores_of_a_subject_are_paired():
    assert pairs(ORDINARY) == [(80, 90)]
    assert pairs(ORDINARY, HAUSDORFF) == [(4, 2)]
    assert pairs(ORDINARY, MEAN) == [(2, 1)]


def test_infinite_distances_stay():
    rows = [*ORDINARY, row("A", "2", 0.0, INF), row("B", "2", 50.0, 7.0)]
    assert pairs(rows, HAUSDORFF) == [(4, 2), (INF, 7)]


@pytest.mark.parametrize(("metric", "expected"), [("Dice", (70, 0)), (HAUSDORFF, (3, INF))])
def test_a_structure_without_a_row_is_the_worst_for_its_run(metric, expected):
    rows = [*ORDINARY, row("A", "1", 70.0, 3.0, structure="spleen")]
    assert pairs(rows, metric, "spleen") == [expected]
    found = paired(rows, metric)["spleen"]
    assert (found.missing_1, found.missing_2) == (0, 1)
    assert list(paired(rows, metric)) == ["liver", "spleen"]


@pytest.mark.parametrize(("metric", "expected"), [("Dice", (0, 70)), (HAUSDORFF, (INF, 3))])
def test_a_subject_without_a_row_is_the_worst_for_its_run(metric, expected):
    rows = [*ORDINARY, row("B", "2", 70.0, 3.0)]
    assert pairs(rows, metric)[1] == expected
    assert paired(rows, metric)["liver"].missing_1 == 1


def test_subjects_of_one_run_can_be_left_out_and_are_counted():
    rows = [*ORDINARY, row("B", "2", 70.0, 3.0), row("B", "3", NAN, NAN)]
    assert pairs(rows, only_shared_subjects=True) == [(80, 90)]
    found = paired(rows, only_shared_subjects=True)["liver"]
    assert (found.only_1, found.only_2, found.missing_1, found.missing_2) == (0, 1, 0, 0)


def test_a_missed_structure_of_a_shared_subject_is_the_worst_then_too():
    spleens = [
        row(*place, structure="spleen") for place in (("A", "1", 50.0, 9.0), ("B", "1", 60.0, 5.0))
    ]
    rows = [*ORDINARY, *spleens, row("A", "2", 70.0, 3.0), row("B", "2", 70.0, 3.0)]
    rows.append(row("B", "2", 40.0, 3.0, structure="spleen"))
    assert pairs(rows, structure="spleen", only_shared_subjects=True) == [(50, 60), (0, 40)]


def test_a_structure_that_a_run_does_not_know_is_left_out_then(caplog):
    rows = [*ORDINARY, row("B", "1", 60.0, 5.0, structure="label_2")]
    assert list(paired(rows, only_shared_subjects=True)) == ["liver"]
    assert "Run 'A' has no 'label_2'" in caplog.text
    assert pairs(rows, structure="label_2") == [(0, 60)]


@pytest.mark.parametrize("metric", ["Dice", HAUSDORFF, MEAN])
def test_a_run_without_truth_gains_nothing_from_it(metric):
    rows = [*ORDINARY, row("A", "2", NAN, NAN), row("B", "2", 85.0, 3.0)]
    assert len(pairs(rows, metric)) == 1


@pytest.mark.parametrize(("metric", "expected"), [("Dice", (100, 0)), (HAUSDORFF, (0, INF))])
def test_rightly_nothing_against_a_false_find_is_the_best(metric, expected):
    rows = [*ORDINARY, row("A", "2", NAN, NAN), row("B", "2", 0.0, INF)]
    assert pairs(rows, metric)[1] == expected


@pytest.mark.parametrize("metric", ["Dice", HAUSDORFF, MEAN])
def test_nothing_to_find_is_left_out(metric):
    both = [*ORDINARY, row("A", "2", NAN, NAN), row("B", "2", NAN, NAN)]
    one = [*ORDINARY, row("A", "2", NAN, NAN)]
    assert len(pairs(both, metric)) == len(pairs(one, metric)) == 1


@pytest.mark.parametrize("metric", [HAUSDORFF, MEAN])
def test_a_distance_that_could_not_be_measured_is_the_worst(metric):
    rows = [*ORDINARY, row("A", "2", 70.0, NAN), row("B", "2", 60.0, 8.0)]
    first, second = pairs(rows, metric)[1]
    assert first == INF
    assert second < INF


def test_a_distance_that_a_run_never_measures_is_not_compared():
    rows = [row("A", "1", 80.0, NAN), row("A", "2", NAN, NAN), *ORDINARY[1:]]
    assert paired(rows, HAUSDORFF) == {}
    assert pairs(rows) == [(80, 90)]


def test_a_run_that_found_rightly_nothing_anywhere_is_compared():
    rows = [row("A", "1", NAN, NAN), row("B", "1", 0.0, INF)]
    assert pairs(rows) == [(100, 0)]
    assert pairs(rows, HAUSDORFF) == [(0, INF)]


def test_runs_without_a_common_subject_are_not_compared():
    assert paired([row("A", "1", 80.0, 4.0), row("B", "2", 90.0, 2.0)]) == {}


def test_a_run_is_compared_in_the_modes_that_it_was_scored_in():
    rows = [*ORDINARY, row("A", "2", 70.0, 3.0, mode="Val")]
    assert pairs(rows, subset="all") == [(80, 90)]


def test_val_and_test_of_a_subject_are_not_one():
    rows = [
        *ORDINARY,
        *(row(run, patient, 10.0, 9.0, mode="Val") for run, patient in [("A", "2"), ("B", "2")]),
        row("B", "2", 70.0, 3.0),
    ]
    assert pairs(rows, subset="all") == [(80, 90), (0, 70), (10, 10)]


def test_the_last_row_of_a_subject_counts():
    assert pairs([*ORDINARY, row("A", "1", 10.0, 9.0)]) == [(10, 90)]


def test_subjects_are_paired_by_series():
    rows = [row("A", "1", 80.0, 4.0, series="s"), row("B", "001", 90.0, 2.0, series="s")]
    assert pairs(rows) == [(80, 90)]


def test_structures_are_in_text_order_and_of_these_two_runs_only():
    rows = [
        *(row("B", "1", 1.0, 1.0, structure=name) for name in ("b", "a10", "a2")),
        *ORDINARY,
        row("C", "1", 1.0, 1.0, structure="other"),
    ]
    assert list(paired(rows)) == ["a10", "a2", "b", "liver"]
