"""Tables of the report: worst subjects first, best structures first."""

import math

import pandas as pd
import pytest

from innereye.metrics.rankings import describe_structures, worst_subjects

NAN, INF = math.nan, math.inf


def table(metric, **structures):
    return pd.DataFrame(
        [(str(i), name, v) for name, values in structures.items() for i, v in enumerate(values)],
        columns=["Patient", "Structure", metric],
    )


def test_worst_dice_is_low_and_worst_distance_high():
    dice = worst_subjects(
        table("Dice", s=[0.5, 0.1, NAN, 0.9]), "Dice", outlier_range=3, max_rows=2
    )
    assert dice["Patient"].tolist() == ["1", "0"]
    name = "HausdorffDistance_mm"
    distance = worst_subjects(table(name, s=[5, INF, NAN, 9]), name, outlier_range=3, max_rows=2)
    assert distance[["Patient", "is_outlier"]].to_numpy().tolist() == [["1", "Yes"], ["3", ""]]


def test_best_structures_come_first_and_missing_ones_last():
    dice = describe_structures(table("Dice", a=[0.2, 0.4], b=[0.9, 0.7], c=[NAN]), "Dice")
    assert dice["Structure"].tolist() == ["b", "a", "c"]
    name = "MeanDistance_mm"
    distance = describe_structures(table(name, a=[5, 6], b=[INF, 1], c=[2, 3]), name)
    assert distance["Structure"].tolist() == ["c", "a", "b"]


def test_the_description_of_a_structure():
    row = describe_structures(table("Dice", s=[1, 2, 3, 4, NAN]), "Dice").iloc[0, 1:].tolist()
    assert row == pytest.approx([1.75, 2.5, 3.25, 4, 4, 2.5, 1, math.sqrt(5 / 3)])


def test_infinite_values_leave_the_lower_quartiles_finite():
    row = describe_structures(table("MeanDistance_mm", s=[1, 2, 3, INF, INF]), "MeanDistance_mm")
    values = row.iloc[0, 1:].tolist()
    assert values == pytest.approx([2, 3, INF, 5, INF, INF, 1, NAN], nan_ok=True)


def test_a_tie_between_infinities_is_infinite_not_missing():
    row = describe_structures(table("MeanDistance_mm", s=[1, INF]), "MeanDistance_mm").iloc[0]
    assert row["50%"] == INF
