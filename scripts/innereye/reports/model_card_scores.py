"""How good is a model, split by split? The tables of a model card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from innereye.configs.stages.card import CardSettings
from innereye.metrics.columns import texts_of
from innereye.names import HIGH_IS_GOOD, PATIENT, SURFACE_DICE, Split
from innereye.reports.markdown import blocks, table
from innereye.reports.score_tables import (
    INFINITE_NOTE,
    METRIC_TITLES,
    STATISTICS_COLUMNS,
    dice_in_words,
    has_infinite,
    statistics_table,
)

MEDIAN = "50 %"
INFINITE = "infinite"
SHOWN = ("Structure", "n", "mean", "95 % CI", "min", MEDIAN, "max", INFINITE, "missing")


@dataclass(frozen=True)
class ScoredSplit:
    """The scores of a split, whose they are (`note`), and the manifests of the volumes behind them.

    `member_of`: the member of an ensemble that scored a subject, where each scored a part.
    """

    split: Split
    note: str
    metrics: pd.DataFrame
    manifests: tuple[Path, ...] = ()
    member_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the split is called where its scores are spoken of."""
        return f"{self.split} (by members)" if self.member_of else str(self.split)

    @property
    def subjects(self) -> list[str]:
        """The subjects with scores, in the order of the table."""
        return list(dict.fromkeys(texts_of(self.metrics, PATIENT)))


def scores_section(scored: ScoredSplit, *, settings: CardSettings) -> str:
    """Return the heading of a split, what its scores are, and a table of each metric."""
    parts = [f"### {scored.name}", scored.note]
    if scored.metrics.empty:
        return blocks([*parts, f"{scored.split} has no subjects: there is nothing to report."])
    noun = "subject" if len(scored.subjects) == 1 else "subjects"
    parts.append(
        f"{len(scored.subjects)} {noun}. Mean Dice over subjects and structures, with its 95 % "
        f"confidence interval: {dice_in_words(scored.metrics)}."
    )
    order = list(settings.ground_truth_ids)
    for metric, title in METRIC_TITLES.items():
        if metric in scored.metrics:
            tolerance = f" at {settings.surface_dice_tolerance_mm:g} mm" * (metric == SURFACE_DICE)
            parts += [f"#### {title}{tolerance}", metric_table(scored.metrics, metric, order)]
    shown = [metric for metric in METRIC_TITLES if metric in scored.metrics]
    if any(has_infinite(scored.metrics, metric) for metric in shown):
        parts.append(INFINITE_NOTE)
    return blocks(parts)


def metric_table(metrics: pd.DataFrame, metric: str, order: Sequence[str]) -> str:
    """Return n, mean with its interval, extremes and median of a metric, one row per structure.

    Structures in the order of their labels, then their average, so that tables can be laid side by
    side. Dice is never infinite.
    """
    whole = statistics_table(metrics, metric)
    columns = [name for name in SHOWN if name != INFINITE or metric not in HIGH_IS_GOOD]
    places = [STATISTICS_COLUMNS.index(name) for name in columns]
    # Other names, such as the average, come last and keep their order.
    rank = {name: label for label, name in enumerate(order)}
    rows = sorted(whole.rows, key=lambda row: rank.get(row[0], len(rank)))
    heads = [name if name != MEDIAN else "median" for name in columns]
    return table(heads, [[row[place] for place in places] for row in rows])
