"""How do InnerEye's Wilcoxon text files read? One paragraph for each pair of runs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.io.files import atomic_write
from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.runs.run_pairs import tested_pairs
from innereye.metrics.statistics.scored_rows import rows_of_subset, subject_keys
from innereye.metrics.statistics.wilcoxon import WilcoxonScores, adjustment_factor, wilcoxon_scores
from innereye.names import DICE, RUN_OF_ROW, STRUCTURE

WORSE = "WORSE"
BETTER = "BETTER"
NOTHING_TO_COMPARE = (
    "There were not enough data points for any statistically meaningful comparisons."
)
HEADER = "Name             N   Mean1   Mean2  N1>2 N2>1  Med1    Med2    WilcZ WilcP 2_vs_1"
_LEAST_UNTIED = 5

# Run, structure, subject's key: Dice in percent.
_Scores = Mapping[str, Mapping[str, Mapping[str, float]]]


def wilcoxon_lines(
    table: pd.DataFrame,
    *,
    subset: str = "test",
    against: Collection[str] = (),
    exclude: Collection[str] = (),
    raw: bool = False,
    threshold: float = 0.05,
) -> list[str]:
    """Return the paragraphs of all pairs of runs, line by line; none where too little is known.

    `table`: the runs table, Dice in percent. `subset`: a mode in any case, or `all`. `against`: runs
    that the others are compared with. `exclude`: structures left out. `raw`: no adjustment factor.
    `threshold`: two-tailed, of the label about run 2. Of a subject that a run has twice the last row
    counts. A NaN Dice is no score: its subject is left out of the structure.
    """
    scores = _dice_scores(rows_of_subset(table, subset), exclude)
    lines: list[str] = []
    for run_1, run_2 in tested_pairs(list(scores), against=against):
        compared = {
            structure: found
            for structure in sorted(scores[run_1].keys() & scores[run_2].keys())
            if (
                found := wilcoxon_scores(
                    scores[run_1][structure],
                    scores[run_2][structure],
                    factor=adjustment_factor(structure, raw=raw),
                )
            )
        }
        if rows := table_lines(compared, threshold=threshold):
            lines += [f"Run 1: {run_1}", f"Run 2: {run_2}", *rows, ""]
    return lines


def table_lines(compared: Mapping[str, WilcoxonScores], *, threshold: float) -> list[str]:
    """Return the header and a row for each structure; nothing if none has five untied subjects.

    A structure with fewer has neither z nor p nor a label. The header is the original's, which the
    rows do not line up with.
    """
    if not any(_has_enough(scores) for scores in compared.values()):
        return []
    width = max(len(structure) for structure in compared)
    return [HEADER] + [
        f"{structure:{width}} {_row(scores, threshold)}" for structure, scores in compared.items()
    ]


def label(p: float, *, threshold: float) -> str:
    """Return what the one-sided p says of run 2: WORSE, BETTER, or nothing."""
    if p < threshold / 2:
        return WORSE
    return BETTER if p > 1 - threshold / 2 else ""


def write_wilcoxon_text(path: Path, lines: Sequence[str]) -> None:
    """Write the lines, or one sentence without a line end where there are none."""
    text = "\n".join(lines) + "\n" if lines else NOTHING_TO_COMPARE
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _row(scores: WilcoxonScores, threshold: float) -> str:
    text = (
        f"{scores.subjects:3d} {scores.mean_1:7.3f} {scores.mean_2:7.3f} "
        f"{scores.higher_1:4d} {scores.higher_2:4d} {scores.median_1:7.3f} {scores.median_2:7.3f}"
    )
    if _has_enough(scores):
        text += f" {scores.z:6.3f} {scores.p:5.3f} {label(scores.p, threshold=threshold)}"
    return text


def _has_enough(scores: WilcoxonScores) -> bool:
    return scores.higher_1 + scores.higher_2 >= _LEAST_UNTIED


def _dice_scores(table: pd.DataFrame, exclude: Collection[str]) -> _Scores:
    scores: defaultdict[str, defaultdict[str, dict[str, float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for run, structure, subject, dice in zip(
        texts_of(table, RUN_OF_ROW),
        texts_of(table, STRUCTURE),
        subject_keys(table),
        values_of(table, DICE),
        strict=True,
    ):
        if structure not in exclude:
            scores[run][structure][subject] = float(dice)
    return {
        run: {
            structure: {key: dice for key, dice in of_subject.items() if not np.isnan(dice)}
            for structure, of_subject in of_structure.items()
        }
        for run, of_structure in scores.items()
    }
