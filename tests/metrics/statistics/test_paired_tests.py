"""The table of tests between runs: each column's meaning, and the laws of its numbers."""

import gc
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.metrics.statistics.paired_tests import (
    PAIRED_TEST_COLUMNS,
    paired_tests,
    write_paired_tests,
)

INF, NAN = math.inf, math.nan
METRICS = ["Dice", "HausdorffDistance_mm", "MeanDistance_mm"]
ONE_RUN = ["missing", "mean", "median", "better"]


@pytest.fixture(scope="module", autouse=True)
def _quick_garbage_collection():
    """Hide the session's objects: statsmodels collects garbage at each correction."""
    gc.freeze()
    yield
    gc.unfreeze()


def run_table(run, scores, *, structure="liver", mode="Test"):
    """Return the rows of one run; `scores`: (Dice, Hausdorff), None for no row, by subject."""
    rows = [(str(number), *score) for number, score in enumerate(scores) if score is not None]
    table = pd.DataFrame(rows, columns=["Patient", "Dice", "HausdorffDistance_mm"])
    return table.assign(
        MeanDistance_mm=table["HausdorffDistance_mm"] / 2,
        Structure=structure,
        seriesId="",
        split=run,
        mode=mode,
    )


def better_by(gains, *, names=("A", "B"), structure="liver"):
    """Return two runs, the second of them better by these gains of Dice, and as much in mm."""
    first = run_table(names[0], [(50.0, 50.0) for _ in gains], structure=structure)
    second = run_table(names[1], [(50 + d, 50 - d) for d in gains], structure=structure)
    return pd.concat([first, second])


def test_a_better_run_by_hand():
    tests = paired_tests(better_by(range(1, 11))).set_index("Metric")
    dice, hausdorff = tests.loc["Dice"], tests.loc["HausdorffDistance_mm"]
    assert (dice["n"], dice["n_nonzero"], dice["better_1"], dice["better_2"]) == (10, 10, 0, 10)
    assert (dice["mean_1"], dice["mean_2"], dice["median_2"]) == (50, 55.5, 55.5)
    assert (dice["statistic"], dice["p_value"], dice["effect_size"]) == (55, 2 / 1024, 1)
    # Averages 1, 1.5, 2, 2, 2.5, 2.5, 3, 3, 3: place 9 from either end.
    assert (dice["shift"], dice["shift_low"], dice["shift_high"]) == (5.5, 3.0, 8.0)
    assert (hausdorff["shift"], hausdorff["shift_low"]) == (-5.5, -8.0)
    assert (hausdorff["effect_size"], hausdorff["better_2"]) == (1, 10)
    assert tests["p_holm"].tolist() == pytest.approx([6 / 1024] * 3)
    assert tests["verdict"].tolist() == ["better"] * 3


def test_a_worse_run_is_told_and_the_level_is_an_argument():
    table = better_by([-float(d) for d in range(1, 11)])
    assert set(paired_tests(table)["verdict"]) == {"worse"}
    assert set(paired_tests(table, level=0.005)["verdict"]) == {""}


def pairs_of(tests, *columns):
    return list(tests[list(columns)].itertuples(index=False, name=None))


def test_rows_come_by_pair_then_metric_then_structure():
    table = pd.concat(
        better_by([1.0], names=names, structure=structure)
        for names in (("B", "A"), ("C", "C2"))
        for structure in ("b", "a")
    )
    tests = paired_tests(table, against=["C"])
    assert list(tests.columns) == list(PAIRED_TEST_COLUMNS)
    assert list(dict.fromkeys(pairs_of(tests, "Run1", "Run2"))) == [
        ("A", "C"),
        ("B", "C"),
        ("C2", "C"),
    ]
    assert pairs_of(tests, "Metric", "Structure")[:6] == [
        (metric, structure) for metric in METRICS for structure in "ab"
    ]


def test_holm_counts_the_tests_of_one_pair_and_none_without_subjects():
    empty = [run_table(run, [(NAN, NAN)], structure="none") for run in "AB"]
    third = run_table("C", [(60.0, 60.0)] * 10)
    tests = paired_tests(pd.concat([better_by(range(1, 11)), *empty, third]))
    pair = tests[(tests["Run1"] == "A") & (tests["Run2"] == "B")].set_index("Structure")
    assert pair.loc["liver", "p_holm"].tolist() == pytest.approx([3 * 2 / 1024] * 3)
    assert pair.loc["none", "n"].tolist() == [0, 0, 0]
    assert pair.loc["none", ["p_value", "p_holm", "mean_1", "shift"]].isna().all(axis=None)
    assert pair.loc["none", "verdict"].tolist() == [""] * 3


def test_a_run_that_misses_a_structure_altogether_is_worse():
    only_first = run_table("A", [(70.0, 5.0)] * 12, structure="spleen")
    tests = paired_tests(pd.concat([better_by([0.0] * 12), only_first])).set_index("Structure")
    assert tests.loc["spleen", "verdict"].tolist() == ["worse"] * 3
    assert tests.loc["spleen", "missing_2"].tolist() == [12] * 3
    assert tests.loc["spleen", "mean_2"].tolist() == [0, INF, INF]
    assert tests.loc["spleen", "shift"].tolist() == [-70, INF, INF]


def test_infinitely_far_in_both_runs_is_a_tie():
    scores = [(0.0, INF)] * 3
    tests = paired_tests(pd.concat([run_table("A", scores), run_table("B", scores)]))
    assert tests["n"].tolist() == [3] * 3
    assert tests["n_nonzero"].tolist() == [0] * 3
    assert tests["p_value"].tolist() == [1] * 3
    assert tests["shift"].tolist() == [0] * 3


def test_errors_of_floats_break_no_ties():
    # 0.57 * 100 is 56.99999999999999, and 0.3 - 0.2 is not 0.2 - 0.1.
    first = run_table("A", [(57.0, 0.2), (20.0, 0.1), (10.0, 5.0)])
    second = run_table("B", [(0.57 * 100, 0.3), (21.0, 0.2), (9.0, 4.9)])
    tests = paired_tests(pd.concat([first, second])).set_index("Metric")
    assert tests.loc["Dice", ["n_nonzero", "better_1", "better_2"]].tolist() == [2, 1, 1]
    assert tests.loc["HausdorffDistance_mm", "statistic"] == 2  # midranks 2, 2, 2


@pytest.mark.parametrize(("subset", "rows"), [("test", 3), ("Test", 3), ("Val", 0), ("all", 3)])
def test_only_the_mode_counts(subset, rows):
    assert len(paired_tests(better_by([1.0, 2.0]), subset=subset)) == rows


def test_val_sets_of_two_folds_are_not_compared():
    first = run_table("0", [(50.0, 5.0), None], mode="Val")
    second = run_table("1", [None, (60.0, 6.0)], mode="Val")
    assert paired_tests(pd.concat([first, second]), subset="Val").empty


@pytest.mark.parametrize("only_shared_subjects", [False, True])
def test_subjects_of_one_run_count_unless_told(only_shared_subjects):
    table = pd.concat(
        [run_table("A", [(50.0, 5.0)] * 3), run_table("B", [(60.0, 4.0), (60.0, 4.0), None])]
    )
    tests = paired_tests(table, only_shared_subjects=only_shared_subjects)
    assert tests["n"].tolist() == [2 if only_shared_subjects else 3] * 3


scores = st.one_of(
    st.none(),
    st.just((NAN, NAN)),
    st.just((0.0, INF)),
    st.tuples(st.integers(0, 1000).map(lambda dice: dice / 10), st.integers(0, 60).map(float)),
)
runs = st.lists(st.tuples(scores, scores), min_size=1, max_size=60)


def compared(pairs, names, change=lambda score: score):
    columns = zip(*pairs, strict=True)
    tables = [
        run_table(name, [score and change(score) for score in column])
        for name, column in zip(names, columns, strict=True)
    ]
    return paired_tests(pd.concat(tables))


@settings(max_examples=50)
@given(runs)
def test_exchanged_runs_mirror_everything(pairs):
    found, mirrored = compared(pairs, "AB"), compared(pairs, "BA")
    for name in ("n", "n_nonzero", "p_value", "p_holm", "method"):
        assert found[name].tolist() == pytest.approx(mirrored[name].tolist(), nan_ok=True)
    for name in ONE_RUN:
        assert found[f"{name}_1"].tolist() == pytest.approx(
            mirrored[f"{name}_2"].tolist(), nan_ok=True
        )
    for name, other in (
        ("effect_size",) * 2,
        ("shift",) * 2,
        ("shift_low", "shift_high"),
        ("shift_high", "shift_low"),
    ):
        assert found[name].tolist() == pytest.approx((-mirrored[other]).tolist(), nan_ok=True)
    swapped = {"better": "worse", "worse": "better", "": ""}
    assert found["verdict"].tolist() == [swapped[word] for word in mirrored["verdict"]]


@settings(max_examples=50)
@given(runs)
def test_another_unit_of_length_scales_shifts_and_nothing_else(pairs):
    mm = compared(pairs, "AB").set_index("Metric")
    quarters = compared(pairs, "AB", lambda score: (score[0], score[1] * 4)).set_index("Metric")
    if not len(mm):
        return
    for name in ("p_value", "effect_size", "statistic"):
        assert quarters[name].tolist() == pytest.approx(mm[name].tolist(), nan_ok=True)
    for name in ("shift", "shift_low", "shift_high"):
        for metric, factor in zip(METRICS, (1, 4, 4), strict=True):
            if metric in mm.index:
                expected = mm.loc[metric, name] * factor
                assert quarters.loc[metric, name] == pytest.approx(expected, nan_ok=True)


@settings(max_examples=50)
@given(runs, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_count(pairs, random):
    first, second = zip(*pairs, strict=True)
    table = pd.concat([run_table("A", first), run_table("B", second)])
    order = list(range(len(table)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(paired_tests(table), paired_tests(table.iloc[order]))


@given(st.integers(1, 30), st.integers(0, 30))
def test_one_more_missed_structure_never_helps(count, lost):
    rng = np.random.default_rng(count)
    first = [(60.0, 5.0)] * count
    second = [(float(60 + d), float(5 - d / 10)) for d in rng.integers(-9, 10, count)]
    whole = compared(list(zip(first, second, strict=True)), "AB")
    second[lost % count] = None
    less = compared(list(zip(first, second, strict=True)), "AB")
    if not len(less):
        return
    assert (less["effect_size"] <= whole["effect_size"]).all()
    assert (less["n"] == count).all()


def test_the_file_holds_short_numbers_and_says_what_is_infinite_or_missing(tmp_path):
    rows = [(70.123, 5.0), (70.0, 5.0), (61.0, 7.0)]
    table = pd.concat([run_table("A", rows), run_table("B", [(71.0, 4.0), (0.0, INF), None])])
    tests = paired_tests(table)
    write_paired_tests(tmp_path / "new" / "tests.csv", tests)
    lines = (tmp_path / "new" / "tests.csv").read_text().splitlines()
    assert lines[0] == ",".join(PAIRED_TEST_COLUMNS)
    assert lines[1].startswith(
        "A,B,Dice,liver,3,3,0,1,0,0,67.041,23.6667,70,0,2,1,1,0.5,exact,-0.66"
    )
    assert lines[2] == (
        "A,B,HausdorffDistance_mm,liver,3,3,0,1,0,0,5.66667,inf,5,inf,2,1,1,0.5,exact,-0.666667,inf,,,1,1,"
    )


def test_the_file_without_tests_is_its_header(tmp_path):
    tests = paired_tests(better_by([1.0]), subset="Val")
    write_paired_tests(tmp_path / "tests.csv", tests)
    assert (tmp_path / "tests.csv").read_text() == ",".join(PAIRED_TEST_COLUMNS) + "\n"


def test_the_same_table_gives_the_same_bytes(tmp_path):
    for name in "ab":
        write_paired_tests(tmp_path / name, paired_tests(better_by([1.0, 1 / 3, -2.0])))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
