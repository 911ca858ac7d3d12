"""Which scores of two runs belong together, and what does a missing one count?"""

import logging
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from innereye.metrics.columns import Values, values_of
from innereye.metrics.statistics.scored_rows import rows_of_subset, subject_keys
from innereye.names import DICE, HIGH_IS_GOOD, METRIC_COLUMNS, MODE, RUN_OF_ROW, STRUCTURE

logger = logging.getLogger(__name__)

Flags = npt.NDArray[np.bool_]

_BEST_DICE = 100.0  # percent, as in the runs table


@dataclass(frozen=True)
class RunScores:
    """All scores of all runs: arrays of (structure, run, subject), NaN where there is no row.

    `structures` and `runs` name the first two axes in text order; a subject's Val and Test rows are
    different subjects here. `measured`, of (run, subject), says for each metric whether the run was
    scored in the subject's mode and measures the metric there.
    """

    structures: list[str]
    runs: list[str]
    has_row: Flags
    values: dict[str, Values]
    measured: dict[str, Flags]


@dataclass(frozen=True)
class PairedValues:
    """Scores of one structure of the subjects that count, run 1 and run 2, without NaN.

    `missing_1` of those of run 1 are the worst score for want of a row. `only_1` subjects that count
    nowhere are left out because run 2 was not scored on them.
    """

    values_1: Values
    values_2: Values
    missing_1: int
    missing_2: int
    only_1: int = 0
    only_2: int = 0


def run_scores(table: pd.DataFrame, *, subset: str) -> RunScores:
    """Return the scores of the runs table's rows of `subset`, a mode in any case or `all`.

    Of a subject that a run has twice the last row counts. A distance without a number beside a Dice
    with one could not be measured: it becomes infinite, the worst. Without any number in a mode that
    has Dice, the run does not measure that distance at all.
    """
    rows = rows_of_subset(table, subset)
    rows = rows.assign(_key=subject_keys(rows))
    axes = [STRUCTURE, RUN_OF_ROW, MODE, "_key"]
    rows = rows.astype(dict.fromkeys(axes, str)).drop_duplicates(axes, keep="last")
    structure, structures = pd.factorize(rows[STRUCTURE], sort=True)
    run, runs = pd.factorize(rows[RUN_OF_ROW], sort=True)
    mode, _ = pd.factorize(rows[MODE], sort=True)
    subject, subjects = pd.MultiIndex.from_arrays([mode, rows["_key"]]).factorize(sort=True)
    shape, place = (len(structures), len(runs), len(subjects)), (structure, run, subject)
    has_row = np.zeros(shape, dtype=np.bool_)
    has_row[place] = True
    values = {metric: np.full(shape, np.nan) for metric in METRIC_COLUMNS}
    for metric in METRIC_COLUMNS:
        values[metric][place] = values_of(rows, metric)
    modes = np.asarray(subjects.get_level_values(0), dtype=np.intp)
    measured = {metric: _measured(has_row, values, metric, modes) for metric in METRIC_COLUMNS}
    for metric in METRIC_COLUMNS:
        if metric not in HIGH_IS_GOOD:
            values[metric][np.isnan(values[metric]) & ~np.isnan(values[DICE])] = np.inf
    return RunScores(list(structures), list(runs), has_row, values, measured)


def paired_values(
    scores: RunScores, run_1: str, run_2: str, metric: str, *, only_shared_subjects: bool = False
) -> dict[str, PairedValues]:
    """Return the scores of two runs, structure by structure; structures that either has, in order.

    Nothing that is bad for a run vanishes:

    - infinite distances stay, as the worst that there is;
    - no row for a structure of a subject that the other run has a number for: the worst, Dice 0 or
      an infinite distance, provided that the run has rows of this mode at all (it was scored on it);
    - NaN against Dice 0 or an infinite distance: nothing was to be found, and the run with NaN rightly
      found nothing: the best, Dice 100 or distance 0;
    - NaN against another number: the runs had different truths, and one had none; left out;
    - NaN against NaN, or against no row: nothing to find and nobody erred; left out.

    Runs without a common subject, such as the Val sets of two folds, are not compared at all, and
    in no metric that one of them does not measure.

    `only_shared_subjects` leaves out the subjects of which one run has no row of any structure, and
    the structures of which one run has no row of any subject: right where the runs were scored on
    different sets, such as data sets of different versions. The log and the counts say so.
    """
    first, second = scores.runs.index(run_1), scores.runs.index(run_2)
    compared = scores.measured[metric][first] & scores.measured[metric][second]
    is_known = np.asarray(scores.has_row.any(axis=0), dtype=np.bool_)
    shared = is_known[first] & is_known[second]
    if not (compared & shared).any():
        return {}
    found: dict[str, PairedValues] = {}
    for number, structure in enumerate(scores.structures):
        own, other = (_Side(scores, metric, number, run) for run in (first, second))
        known = [bool((side.has_row & compared).any()) for side in (own, other)]
        if only_shared_subjects and any(known) and not all(known):
            lacking = run_1 if not known[0] else run_2
            logger.warning("Run '%s' has no '%s', left out of %s.", lacking, structure, metric)
        elif any(known):
            found[structure] = _paired(own, other, compared, shared, only_shared_subjects)
    return found


@dataclass(frozen=True)
class _Side:
    """What one run has of a structure, subject by subject."""

    scores: RunScores
    metric: str
    structure: int
    run: int

    @property
    def values(self) -> Values:
        return self.scores.values[self.metric][self.structure, self.run]

    @property
    def has_row(self) -> Flags:
        return self.scores.has_row[self.structure, self.run]

    @property
    def worst(self) -> float:
        return 0.0 if self.metric in HIGH_IS_GOOD else np.inf

    @property
    def filled(self) -> Values:
        """The values with the best for NaN in a row and the worst for no row."""
        best = _BEST_DICE if self.metric in HIGH_IS_GOOD else 0.0
        return np.where(
            np.isnan(self.values), np.where(self.has_row, best, self.worst), self.values
        )

    def contradicts(self, other: "_Side") -> Flags:
        """Return where this run had no truth to find and the other found some of one."""
        nothing = np.isnan(self.values) & self.has_row
        return nothing & ~np.isnan(other.values) & (other.values != other.worst)


def _paired(
    own: _Side, other: _Side, compared: Flags, shared: Flags, only_shared_subjects: bool
) -> PairedValues:
    chosen = compared & ~(np.isnan(own.values) & np.isnan(other.values))
    chosen &= ~(own.contradicts(other) | other.contradicts(own))
    left_out = chosen & ~shared if only_shared_subjects else np.zeros_like(chosen)
    chosen &= ~left_out
    return PairedValues(
        own.filled[chosen],
        other.filled[chosen],
        missing_1=int((chosen & ~own.has_row).sum()),
        missing_2=int((chosen & ~other.has_row).sum()),
        only_1=int((left_out & own.has_row).sum()),
        only_2=int((left_out & other.has_row).sum()),
    )


def _measured(
    has_row: Flags, values: dict[str, Values], metric: str, modes: npt.NDArray[np.intp]
) -> Flags:
    """Return for (run, subject) whether the run has rows of the subject's mode, with this metric."""
    measured = np.zeros(has_row.shape[1:], dtype=np.bool_)
    for mode in np.unique(modes):
        here = modes == mode
        has_rows, has_dice, has_metric = (
            np.asarray(cells[..., here].any(axis=(0, 2)), dtype=np.bool_)
            for cells in (has_row, ~np.isnan(values[DICE]), ~np.isnan(values[metric]))
        )
        measured[:, here] = (has_rows & (has_metric | ~has_dice))[:, None]
    return measured
