"""Which subjects does a report on a scalar model list? The best and the worst of a target."""

import numpy as np
import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.best_and_worst import Outcome, best_and_worst
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.names import SUBJECT, natural_key
from innereye.reports.scalar_run import ScalarRun

LARGEST, SMALLEST = "largest errors", "smallest errors"
# Pictures of each list: those of all subjects would make a page that no mail takes.
PICTURES_SHOWN = 6
# What each list of a classification begins with.
SUREST_FIRST = {
    Outcome.FALSE_POSITIVE: "the highest outputs first",
    Outcome.FALSE_NEGATIVE: "the lowest outputs first",
    Outcome.TRUE_POSITIVE: "the highest outputs first",
    Outcome.TRUE_NEGATIVE: "the lowest outputs first",
}


def extremes_of(run: ScalarRun, split: str, target: str) -> dict[str, pd.DataFrame]:
    """Return subject, label and model_output of the subjects of each list, by its name."""
    rows = run.rows(split, target)
    if not run.is_classification:
        return largest_and_smallest_errors(rows, number=run.number_shown)
    threshold = run.threshold(split, target).value
    lists = best_and_worst(rows, threshold=threshold, number=run.number_shown)
    return {str(outcome): found for outcome, found in lists.items()}


def largest_and_smallest_errors(rows: pd.DataFrame, *, number: int) -> dict[str, pd.DataFrame]:
    """Return up to `number` subjects with the largest, and with the smallest, absolute errors.

    Equal errors by name. Where there are few subjects, the lists do not overlap: the best half is
    in the second.
    """
    errors = np.abs(values_of(rows, MODEL_OUTPUT) - values_of(rows, LABEL))
    subjects = texts_of(rows, SUBJECT)
    known = [row for row in range(len(rows)) if not np.isnan(errors[row])]
    order = sorted(known, key=lambda row: (-errors[row], natural_key(subjects[row])))
    largest = order[: min(number, (len(order) + 1) // 2)]
    smallest = order[::-1][: min(number, len(order) // 2)]
    columns = [SUBJECT, LABEL, MODEL_OUTPUT]
    return {
        name: rows.iloc[chosen].loc[:, columns].reset_index(drop=True)
        for name, chosen in ((LARGEST, largest), (SMALLEST, smallest))
    }


def subjects_with_pictures(run: ScalarRun, split: str) -> list[str]:
    """Return the subjects of which a report on a split shows pictures, in natural order."""
    lists = [found for target in run.targets for found in extremes_of(run, split, target).values()]
    chosen = {name for found in lists for name in texts_of(found, SUBJECT)[:PICTURES_SHOWN]}
    return sorted(chosen, key=natural_key)
