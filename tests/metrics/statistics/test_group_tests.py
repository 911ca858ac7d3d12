"""Tests between institutions: what scipy says, which side is better, and the correction."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from innereye.metrics.statistics.group_tests import (
    GROUP_TEST_COLUMNS,
    group_tests,
    write_group_tests,
)

NAN, INF = math.nan, math.inf
METRICS = ("Dice", "HausdorffDistance_mm", "MeanDistance_mm")
TEN = np.arange(10.0)


def table(groups, *, run="0", structure="s", mode="Test", metrics=METRICS):
    """Rows of one run and structure, from {institution: values of each of the metrics}."""
    rows = [(name, value) for name, values in groups.items() for value in values]
    frame = pd.DataFrame(rows, columns=["institutionId", "value"])
    numbers = {metric: frame["value"] if metric in metrics else NAN for metric in METRICS}
    return frame[["institutionId"]].assign(Structure=structure, split=run, mode=mode, **numbers)


def only(groups, metric="Dice", **settings):
    """The one test of one metric."""
    (row,) = group_tests(table(groups, metrics=[metric]), **settings).to_dict("records")
    return row


def test_small_groups_without_ties_have_the_exact_p():
    row = only({"A": TEN, "B": TEN + 3.5})
    expected = mannwhitneyu(TEN, TEN + 3.5, method="exact")
    assert row["statistic"] == expected.statistic
    assert row["p_value"] == pytest.approx(expected.pvalue)
    assert row["method"] == "exact"


@pytest.mark.parametrize(
    "other", [TEN + 3, np.arange(50) + 0.5], ids=["ties", "more than the exact p is made for"]
)
def test_other_groups_have_the_tie_corrected_p(other):
    row = only({"A": TEN, "B": other})
    expected = mannwhitneyu(TEN, other, method="asymptotic")
    assert row["statistic"] == expected.statistic
    assert row["p_value"] == pytest.approx(expected.pvalue)
    assert row["method"] == "normal"


def test_numbers_of_both_groups():
    row = only({"B": np.append(TEN, 30.0), "A": TEN})
    assert [row[f"Institution{side}"] for side in (1, 2)] == ["A", "B"]
    assert [row[f"n_{side}"] for side in (1, 2)] == [10, 11]
    assert [row[f"mean_{side}"] for side in (1, 2)] == pytest.approx([4.5, 75 / 11])
    assert [row[f"median_{side}"] for side in (1, 2)] == [4.5, 5.0]


@pytest.mark.parametrize(
    ("metric", "effect", "verdict"),
    [
        ("Dice", 1.0, "better"),
        ("HausdorffDistance_mm", -1.0, "worse"),
        ("MeanDistance_mm", -1.0, "worse"),
    ],
)
def test_larger_is_better_for_dice_and_worse_for_distances(metric, effect, verdict):
    row = only({"A": TEN, "B": TEN + 20}, metric)
    assert (row["effect_size"], row["shift"], row["verdict"]) == (effect, 20.0, verdict)


def test_effect_is_the_share_of_pairs_won_less_the_share_lost():
    row = only({"A": TEN, "B": np.full(10, 7.0)})
    assert row["effect_size"] == pytest.approx((70 - 20) / 100)  # ten pairs are ties


def test_infinite_distances_count_as_the_worst():
    missed = np.append(TEN[:4], [INF] * 6)
    row = only({"A": TEN, "B": missed}, "HausdorffDistance_mm")
    ranks = mannwhitneyu(TEN, np.append(TEN[:4], [1e6] * 6), method="asymptotic")
    assert row["p_value"] == pytest.approx(ranks.pvalue)
    assert (row["n_2"], row["mean_2"], row["median_2"], row["shift"]) == (10, INF, INF, INF)
    assert row["effect_size"] < 0


def test_missing_values_are_left_out_and_may_leave_too_few():
    row = only({"A": TEN, "B": np.append(TEN, NAN)})
    assert row["n_2"] == 10
    assert group_tests(table({"A": TEN, "B": np.append(TEN[:9], NAN)})).empty


def test_one_value_everywhere_is_no_difference():
    row = only({"A": np.full(10, 2.0), "B": np.full(10, 2.0)})
    assert (row["p_value"], row["effect_size"], row["verdict"]) == (1.0, 0.0, "")
    assert (row["shift"], row["shift_low"], row["shift_high"]) == (0.0, 0.0, 0.0)


def test_the_interval_grows_with_the_confidence():
    narrow, wide = (only({"A": TEN, "B": TEN + 3.5}, confidence=c) for c in (0.8, 0.99))
    assert wide["shift_low"] < narrow["shift_low"] < 3.5 < narrow["shift_high"] < wide["shift_high"]


def test_p_is_corrected_within_a_run_over_metrics_structures_and_pairs():
    groups = {"A": TEN, "B": TEN + 5.5, "C": TEN + 0.25}
    rows = [table(groups, structure=name) for name in "st"]
    alone = group_tests(pd.concat(rows))
    assert len(alone) == 2 * 3 * 3
    assert alone["p_holm"].min() == pytest.approx(alone["p_value"].min() * 18)
    both = group_tests(pd.concat([*rows, table(groups, run="1")]))
    pd.testing.assert_frame_equal(both[both["Run"] == "0"], alone)


def test_the_verdict_needs_the_corrected_p_below_the_level():
    row = only({"A": TEN, "B": TEN + 3.5})
    assert row["p_value"] == row["p_holm"] < 0.05
    assert only({"A": TEN, "B": TEN + 3.5}, level=row["p_holm"])["verdict"] == ""
    rows = [table({"A": TEN, "B": TEN + 3.5}, structure=name) for name in "stu"]
    assert set(group_tests(pd.concat(rows))["verdict"]) == {""}


def test_rows_come_by_run_metric_structure_and_pair():
    rows = [
        table({"C": TEN, "B": TEN, "A": TEN}, run=run, structure=name)
        for run in ("1", "0")
        for name in "ts"
    ]
    tests = group_tests(pd.concat(rows))
    keys = tests[["Run", "Metric", "Structure", "Institution1", "Institution2"]].to_numpy().tolist()
    assert len(keys) == 2 * 3 * 2 * 3
    assert keys == sorted(keys)


def test_exchanged_institutions_turn_the_sign():
    there, back = (
        only({first: TEN, second: TEN + 3.5}) for first, second in (("A", "B"), ("B", "A"))
    )
    assert there["p_value"] == back["p_value"]
    assert there["effect_size"] == -back["effect_size"]
    assert (there["shift"], there["shift_low"]) == (-back["shift"], -back["shift_high"])


def test_other_modes_and_unknown_institutions_do_not_count():
    assert group_tests(table({"A": TEN, "B": TEN}, mode="Val")).empty
    assert group_tests(table({"A": TEN, "": TEN})).empty
    assert len(group_tests(table({"A": TEN, "B": TEN}, mode="Val"), subset="val")) == 3


def test_the_file_has_six_digits(tmp_path):
    tests = group_tests(
        table({"A": TEN, "B": np.append(TEN / 3, INF)}, metrics=["MeanDistance_mm"])
    )
    write_group_tests(tmp_path / "g.csv", tests.assign(shift_low=NAN))
    header, row = (tmp_path / "g.csv").read_text().splitlines()
    assert header == ",".join(GROUP_TEST_COLUMNS)
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["n_1"], cells["mean_1"], cells["mean_2"]) == ("10", "4.5", "inf")
    assert (cells["median_2"], cells["shift_low"]) == ("1.66667", "")


def test_without_tests_the_header_is_written(tmp_path):
    write_group_tests(tmp_path / "g.csv", group_tests(table({"A": TEN})))
    assert (tmp_path / "g.csv").read_text() == ",".join(GROUP_TEST_COLUMNS) + "\n"
