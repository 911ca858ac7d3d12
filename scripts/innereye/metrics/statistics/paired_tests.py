"""Which runs are better than which, by how much, and is it more than chance?"""

import math
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values
from innereye.metrics.runs.run_pairs import tested_pairs
from innereye.metrics.statistics.hodges_lehmann import hodges_lehmann
from innereye.metrics.statistics.holm import holm
from innereye.metrics.statistics.paired_scores import (
    PairedValues,
    RunScores,
    paired_values,
    run_scores,
)
from innereye.metrics.statistics.signed_rank import signed_rank
from innereye.metrics.tidy_csv import write_tidy
from innereye.names import HIGH_IS_GOOD, METRIC_COLUMNS, STRUCTURE

PAIRED_TEST_COLUMNS = (
    "Run1",
    "Run2",
    "Metric",
    STRUCTURE,
    "n",
    "n_nonzero",
    "missing_1",
    "missing_2",
    "only_1",
    "only_2",
    "mean_1",
    "mean_2",
    "median_1",
    "median_2",
    "better_1",
    "better_2",
    "statistic",
    "p_value",
    "method",
    "effect_size",
    "shift",
    "shift_low",
    "shift_high",
    "p_holm",
    "p_holm_all",
    "verdict",
)
# Files hold three decimals and Dice is percent here: what differs by less is an error of floats,
# and would break ties.
_DECIMALS = 6

_Row = dict[str, str | int | float]


def paired_tests(
    table: pd.DataFrame,
    *,
    subset: str = "Test",
    against: Collection[str] = (),
    only_shared_subjects: bool = False,
    confidence: float = 0.95,
    level: float = 0.05,
) -> pd.DataFrame:
    """Return one row for each pair of runs (as `tested_pairs`), metric and structure of either run.

    `table`: the runs table. What missing and infinite scores count, and `only_shared_subjects`:
    `paired_values`. n subjects, on n_nonzero of which the runs differ, missing_1 of which run 1 has
    no row for and the worst score; only_1 are left out because run 2 was not scored on them; means
    and medians are over the n, those with the worst score, too (infinite for distances where
    a structure was missed). better_1: subjects on which run 1 is better. statistic, p_value, method
    and effect_size: `signed_rank`, positive where run 2 is better. shift: `hodges_lehmann` of run 2
    less run 1 in percent or mm, with its interval of `confidence`, not corrected. p_holm: corrected
    over metrics and structures of the pair; p_holm_all over all pairs as well. verdict: run 2 is
    better or worse at p_holm < `level`.
    """
    scores = run_scores(table, subset=subset)
    rows: list[_Row] = []
    for run_1, run_2 in tested_pairs(scores.runs, against=against):
        family = _family(scores, run_1, run_2, only_shared_subjects, confidence)
        corrected = holm(np.array([row["p_value"] for row in family], dtype=np.float64))
        for row, p_holm in zip(family, corrected, strict=True):
            row["p_holm"] = float(p_holm)
            row["verdict"] = _verdict(row, level)
        rows += family
    over_all = holm(np.array([row["p_value"] for row in rows], dtype=np.float64))
    for row, p_holm in zip(rows, over_all, strict=True):
        row["p_holm_all"] = float(p_holm)
    return pd.DataFrame(rows, columns=list(PAIRED_TEST_COLUMNS))


def write_paired_tests(path: Path, tests: pd.DataFrame) -> None:
    """Write `paired_tests` as csv: six significant digits, NaN empty, infinity `inf`."""
    write_tidy(path, tests)


def _family(
    scores: RunScores, run_1: str, run_2: str, only_shared_subjects: bool, confidence: float
) -> list[_Row]:
    """Return the tests of two runs, in the order of the metrics, then of the structures."""
    rows: list[_Row] = []
    for metric in METRIC_COLUMNS:
        found = paired_values(
            scores, run_1, run_2, metric, only_shared_subjects=only_shared_subjects
        )
        for structure, values in found.items():
            names: _Row = {"Run1": run_1, "Run2": run_2, "Metric": metric, STRUCTURE: structure}
            rows.append(names | _test(values, metric, confidence))
    return rows


def _test(values: PairedValues, metric: str, confidence: float) -> _Row:
    differences = _differences(values)
    gains = differences if metric in HIGH_IS_GOOD else -differences
    test = signed_rank(gains)
    shift = hodges_lehmann(differences, confidence=confidence)
    return {
        "n": len(gains),
        "n_nonzero": test.n_nonzero,
        "missing_1": values.missing_1,
        "missing_2": values.missing_2,
        "only_1": values.only_1,
        "only_2": values.only_2,
        "mean_1": _mean(values.values_1),
        "mean_2": _mean(values.values_2),
        "median_1": _median(values.values_1),
        "median_2": _median(values.values_2),
        "better_1": int((gains < 0).sum()),
        "better_2": int((gains > 0).sum()),
        "statistic": test.statistic,
        "p_value": test.p_value,
        "method": test.method,
        "effect_size": test.effect_size,
        "shift": shift.shift,
        "shift_low": shift.low,
        "shift_high": shift.high,
    }


def _differences(values: PairedValues) -> Values:
    """Return run 2 less run 1; both infinitely far off is a tie."""
    with np.errstate(invalid="ignore"):
        differences = values.values_2 - values.values_1
    differences[np.isnan(differences)] = 0
    return np.asarray(np.round(differences, _DECIMALS), dtype=np.float64)


def _verdict(row: _Row, level: float) -> str:
    if not float(row["p_holm"]) < level:
        return ""
    return "better" if float(row["effect_size"]) > 0 else "worse"


def _mean(values: Values) -> float:
    return float(np.mean(values)) if len(values) else math.nan


def _median(values: Values) -> float:
    return float(np.median(values)) if len(values) else math.nan
