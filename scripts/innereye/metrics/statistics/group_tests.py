"""In which institutions is a run better, by more than chance? One row per test, all three metrics."""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values
from innereye.metrics.statistics.group_shift import group_shift
from innereye.metrics.statistics.holm import holm
from innereye.metrics.statistics.institutions import ScoresByInstitution, scores_by_institution
from innereye.metrics.statistics.rank_sum import p_value, u_statistic
from innereye.metrics.statistics.signed_rank import EXACT, NORMAL
from innereye.metrics.tidy_csv import write_tidy
from innereye.names import HIGH_IS_GOOD, METRIC_COLUMNS, STRUCTURE

GROUP_TEST_COLUMNS = (
    "Run",
    "Metric",
    STRUCTURE,
    "Institution1",
    "Institution2",
    "n_1",
    "n_2",
    "mean_1",
    "mean_2",
    "median_1",
    "median_2",
    "statistic",
    "p_value",
    "method",
    "effect_size",
    "shift",
    "shift_low",
    "shift_high",
    "p_holm",
    "verdict",
)
# Up to here the exact p is quick, beyond it the approximation is as good: the bound that R takes.
EXACT_BELOW = 50
BETTER, WORSE = "better", "worse"

_Row = dict[str, str | int | float]
_Group = tuple[str, Values]


def group_tests(
    table: pd.DataFrame, *, subset: str = "Test", level: float = 0.05, confidence: float = 0.95
) -> pd.DataFrame:
    """Return Mann and Whitney's test of each run, metric, structure and pair of institutions.

    `table` is the runs table, `subset` a mode or `all`; both institutions have at least ten values.
    An infinite distance is the worst of all; rows without a value (a structure that is neither in
    the truth nor predicted) are left out. `statistic` is U of institution 1: the pairs in which its
    value is the larger one, ties half. `effect_size` is the share of pairs in which institution 2
    is better less the share in which it is worse (-1 to 1); `shift`, in the unit of the metric, is
    institution 2 minus institution 1. `p_holm` corrects for all tests of the run, and where it is
    below `level`, `verdict` says whether institution 2 is better or worse.
    """
    rows_of_run: defaultdict[str, list[_Row]] = defaultdict(list)
    for metric in METRIC_COLUMNS:
        scores = scores_by_institution(table, metric, subset=subset)
        for run, structure, *pair in _pairs(scores):
            names = {"Run": run, "Metric": metric, STRUCTURE: structure}
            rows_of_run[run].append(names | _test(*pair, metric=metric, confidence=confidence))
    return pd.DataFrame(
        [row for run in sorted(rows_of_run) for row in _judged(rows_of_run[run], level=level)],
        columns=list(GROUP_TEST_COLUMNS),
    )


def write_group_tests(path: Path, frame: pd.DataFrame) -> None:
    """Write the table of `group_tests`, six significant digits; the header alone if none."""
    write_tidy(path, frame)


def _pairs(scores: ScoresByInstitution) -> Iterator[tuple[str, str, _Group, _Group]]:
    """Give run, structure and two institutions with their values, every pair once."""
    for run, structures in scores.items():
        for structure, groups in structures.items():
            for first, second in combinations(groups.items(), 2):
                yield run, structure, first, second


def _test(first: _Group, second: _Group, *, metric: str, confidence: float) -> _Row:
    """Return the columns of two institutions, but for what depends on the other tests."""
    (name_1, values_1), (name_2, values_2) = first, second
    pooled = np.concatenate([values_1, values_2])
    has_ties = len(np.unique(pooled)) < len(pooled)
    exact = not has_ties and max(len(values_1), len(values_2)) < EXACT_BELOW
    statistic = u_statistic(values_1, values_2)
    first_is_larger = 2 * statistic / (len(values_1) * len(values_2)) - 1
    shift = group_shift(values_1, values_2, confidence=confidence, exact=exact)
    return {
        "Institution1": name_1,
        "Institution2": name_2,
        "n_1": len(values_1),
        "n_2": len(values_2),
        "mean_1": float(np.mean(values_1)),
        "mean_2": float(np.mean(values_2)),
        "median_1": float(np.median(values_1)),
        "median_2": float(np.median(values_2)),
        "statistic": statistic,
        "p_value": p_value(values_1, values_2, exact=exact),
        "method": EXACT if exact else NORMAL,
        # Zero is added, for there is no minus zero in a table.
        "effect_size": (-first_is_larger if metric in HIGH_IS_GOOD else first_is_larger) + 0.0,
        "shift": shift.shift,
        "shift_low": shift.low,
        "shift_high": shift.high,
    }


def _judged(rows: list[_Row], *, level: float) -> list[_Row]:
    """Return the rows of a run with the p value corrected for all of them, and the verdict."""
    corrected = holm(np.array([row["p_value"] for row in rows], dtype=np.float64))
    return [
        {**row, "p_holm": p, "verdict": _verdict(p, float(row["effect_size"]), level=level)}
        for row, p in zip(rows, corrected.tolist(), strict=True)
    ]


def _verdict(p: float, effect_size: float, *, level: float) -> str:
    if math.isnan(p) or p >= level:
        return ""
    return BETTER if effect_size > 0 else WORSE
