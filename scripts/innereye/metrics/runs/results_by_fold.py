"""How much do the folds of a cross-validation differ? Means of folds, and of all subjects."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values, texts_of, values_of
from innereye.metrics.confidence import highest_of, mean_with_interval
from innereye.metrics.tidy_csv import write_tidy
from innereye.names import (
    DATA_SPLIT,
    DICE,
    HIGH_IS_GOOD,
    METRIC_COLUMNS,
    PATIENT,
    RUN_OF_ROW,
    STRUCTURE,
    natural_key,
)

FoldAndSubject = tuple[str, str]
Key = TypeVar("Key", str, FoldAndSubject)

METRIC = "Metric"
MEAN_OVER_STRUCTURES = "mean"
PERCENT = 100
# A fold that learned nothing lies this far from the others, and this many times their spread.
UNUSUAL_DICE = 0.1
UNUSUAL_SPREADS = 3.0
# Two folds differ from each other: neither of them is the unusual one.
FEWEST_FOLDS = 3
RESULT_COLUMNS = (
    *(DATA_SPLIT, METRIC, STRUCTURE, "folds", "mean_of_folds", "std_of_folds", "min_of_folds"),
    *("max_of_folds", "worst_fold", "subjects", "infinite", "pooled_mean", "pooled_low"),
    "pooled_high",
)


@dataclass(frozen=True)
class _Scores:
    """One metric of one structure in one mode, by fold and subject; missing values are not there."""

    mode: str
    metric: str
    structure: str
    values: dict[FoldAndSubject, float]

    def fold_means(self) -> dict[str, float]:
        """Return the mean over subjects of each fold, folds by number."""
        means = _means((fold, value) for (fold, _), value in self.values.items())
        return {fold: means[fold] for fold in sorted(means, key=natural_key)}

    def subject_means(self) -> list[float]:
        """Return the mean over folds of each subject."""
        of_subject = _means((subject, value) for (_, subject), value in self.values.items())
        return list(of_subject.values())


def results_by_fold(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row per mode, metric and structure, and one for the mean over structures.

    `table`: a runs table; its runs with a number for a name are the folds. Dice is from 0 to 1
    here, distances are in mm. `mean_of_folds`, `std_of_folds` (n-1), extremes and `worst_fold` are
    over the folds' means; missing values are left out of these, and an infinite distance makes a
    mean infinite. `pooled_*` is the mean over subjects with its 95 % confidence interval: a subject
    that several folds score, as on Test, counts once, with its mean over folds. It is over finite
    values; `infinite` of the `subjects` are infinite in a fold and not in it. A fold that rightly
    found nothing has no value and does not raise the mean of a subject. A metric without any value
    has no rows.
    """
    rows = []
    for scores in _fold_scores(table):
        means = scores.fold_means()
        values = np.array(list(means.values()), dtype=np.float64)
        pooled = mean_with_interval(scores.subject_means(), highest=highest_of(scores.metric))
        rows.append(
            {
                DATA_SPLIT: scores.mode,
                METRIC: scores.metric,
                STRUCTURE: scores.structure,
                "folds": len(means),
                "mean_of_folds": float(values.mean()) if means else math.nan,
                "std_of_folds": _standard_deviation(values),
                "min_of_folds": min(means.values(), default=math.nan),
                "max_of_folds": max(means.values(), default=math.nan),
                "worst_fold": _worst(means, scores.metric),
                "subjects": pooled.count + pooled.count_infinite,
                "infinite": pooled.count_infinite,
                "pooled_mean": pooled.mean,
                "pooled_low": pooled.ci_low,
                "pooled_high": pooled.ci_high,
            }
        )
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS))


def write_results_by_fold(path: Path, results: pd.DataFrame) -> None:
    """Write `ResultsByFold.csv`: six significant digits, NaN an empty field, infinity `inf`."""
    write_tidy(path, results)


def unusual_folds(table: pd.DataFrame) -> list[str]:
    """Return a sentence for each fold whose mean Dice lies far from that of all other folds.

    A training that diverged shows itself so. Far is more than 0.1 from the mean of the others and
    more than three times their standard deviation; fewer than three folds cannot tell.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for scores in _fold_scores(table, [DICE]):
        means = scores.fold_means()
        if len(means) < FEWEST_FOLDS:
            continue
        for fold, mean in means.items():
            rest = np.array([other for name, other in means.items() if name != fold])
            distance = abs(mean - float(rest.mean()))
            if distance <= max(UNUSUAL_DICE, UNUSUAL_SPREADS * _standard_deviation(rest)):
                continue
            places = found.setdefault((scores.mode, fold), [])
            # The mean over structures comes last, and says nothing new after one of them.
            if scores.structure != MEAN_OVER_STRUCTURES or not places:
                places.append(
                    f"{scores.structure} {mean:.3f} (others {rest.min():.3f} to {rest.max():.3f})"
                )
    return [
        f"Fold {fold} lies far from the other folds in its mean Dice on {mode}: {'; '.join(places)}."
        for (mode, fold), places in found.items()
    ]


def _fold_scores(table: pd.DataFrame, metrics: Sequence[str] = METRIC_COLUMNS) -> Iterator[_Scores]:
    """Give all scores of the folds; modes as they come, structures in text order, then the mean."""
    of_row = (DATA_SPLIT, STRUCTURE, RUN_OF_ROW, PATIENT)
    keys = list(zip(*(texts_of(table, column) for column in of_row), strict=True))
    for mode in dict.fromkeys(mode for mode, *_ in keys):
        for metric in metrics:
            found: dict[str, dict[FoldAndSubject, float]] = {}
            for key, value in zip(keys, values_of(table, metric).tolist(), strict=True):
                of_mode, structure, fold, subject = key
                if of_mode != mode or not fold.isdecimal():
                    continue
                scores = found.setdefault(structure, {})
                if not math.isnan(value):
                    scores[fold, subject] = value / PERCENT if metric == DICE else value
            if not any(found.values()):
                continue
            for structure in sorted(found):
                yield _Scores(mode, metric, structure, found[structure])
            pairs = (pair for scores in found.values() for pair in scores.items())
            yield _Scores(mode, metric, MEAN_OVER_STRUCTURES, _means(pairs))


def _means(pairs: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    """Return the mean of the values of each key, keys in text order."""
    values: defaultdict[Key, list[float]] = defaultdict(list)
    for key, value in pairs:
        values[key].append(value)
    return {key: math.fsum(values[key]) / len(values[key]) for key in sorted(values)}


def _standard_deviation(values: Values) -> float:
    if len(values) < 2 or not np.isfinite(values).all():
        return math.nan
    return float(np.std(values, ddof=1))


def _worst(means: dict[str, float], metric: str) -> str:
    choose = min if metric in HIGH_IS_GOOD else max
    return choose(means, key=lambda fold: means[fold], default="")
