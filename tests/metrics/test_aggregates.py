"""metrics_aggregates.csv: one row per structure; the mean Dice of a run."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.metrics.aggregates import aggregates, mean_dice, write_aggregates

NAN, INF = math.nan, math.inf


def table(*rows):
    columns = ["Patient", "Structure", "Dice", "HausdorffDistance_mm", "MeanDistance_mm"]
    return pd.DataFrame(rows, columns=columns)


def test_aggregates_to_the_letter(tmp_path):
    write_aggregates(
        tmp_path / "a.csv",
        table(
            ("2", "liver", 0.4, 2.0, 1.0),
            ("1", "liver", 0.8, INF, INF),
            ("1", "kidney", 0.5, 3.0, 0.25),
            ("2", "kidney", NAN, NAN, NAN),
        ),
    )
    names = ("DiceNumeric", "HausdorffDistance_mm", "MeanDistance_mm")
    header = [f"{name}_{key}" for name in names for key in ("mean", "std", "min", "max")]
    assert (tmp_path / "a.csv").read_text().splitlines() == [
        ",".join(["Structure", "count", *header]),
        "kidney,1.000,0.500,,0.500,0.500,3.000,,3.000,3.000,0.250,,0.250,0.250",
        "liver,2.000,0.600,0.283,0.400,0.800,inf,,2.000,inf,inf,,1.000,inf",
    ]


def test_structures_with_equal_numbers_keep_their_rows():
    same = [("1", name, 0.5, 1.0, 1.0) for name in ("c", "a", "b")]
    assert aggregates(table(*same))["Structure"].tolist() == ["a", "b", "c"]


def test_a_structure_without_any_value_has_a_row(tmp_path):
    write_aggregates(tmp_path / "a.csv", table(("1", "a", NAN, NAN, NAN)))
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "a,0.000" + "," * 12


@given(
    st.lists(
        st.tuples(
            st.sampled_from("123"),
            st.sampled_from("ab"),
            st.one_of(st.floats(0, 1), st.just(NAN)),
            st.floats(0, 99),
            st.floats(0, 99),
        ),
        min_size=1,
    ),
    st.randoms(use_true_random=False),
)
def test_aggregates_do_not_depend_on_the_order_of_rows(rows, random):
    plain, shuffled = aggregates(table(*rows)), aggregates(table(*random.sample(rows, len(rows))))
    assert plain["Structure"].tolist() == shuffled["Structure"].tolist()
    numbers = [frame.drop(columns="Structure").to_numpy() for frame in (plain, shuffled)]
    np.testing.assert_allclose(*numbers, atol=1e-9)


def test_the_mean_dice_of_a_run_weighs_subjects_equally():
    metrics = table(
        ("1", "a", 1.0, 0, 0), ("1", "b", NAN, 0, 0), ("2", "a", 0.5, 0, 0), ("2", "b", 0.0, 0, 0)
    )
    assert mean_dice(metrics) == pytest.approx((1.0 + 0.25) / 2)


def test_a_run_without_scores_has_no_mean_dice():
    assert math.isnan(mean_dice(table(("1", "a", NAN, NAN, NAN))))
    assert math.isnan(mean_dice(table()))
