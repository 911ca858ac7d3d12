"""Which subjects does a classifier know best, and which does it mistake? Lists of the report."""

import math
from collections.abc import Sequence
from enum import StrEnum

import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.known_rows import as_float32
from innereye.metrics.scalar.table_parts import columns_in_order, rows_where
from innereye.names import SUBJECT, natural_key

NUMBER_SHOWN = 20


class Outcome(StrEnum):
    """How the prediction of a subject compares with its label."""

    FALSE_POSITIVE = "false positives"
    FALSE_NEGATIVE = "false negatives"
    TRUE_POSITIVE = "true positives"
    TRUE_NEGATIVE = "true negatives"


# From each list the subjects come first of which the model was most sure.
HIGHEST_FIRST = frozenset({Outcome.FALSE_POSITIVE, Outcome.TRUE_POSITIVE})


def best_and_worst(
    rows: pd.DataFrame, *, threshold: float, number: int = NUMBER_SHOWN
) -> dict[Outcome, pd.DataFrame]:
    """Return subject, label and model_output of up to `number` subjects of each outcome.

    `rows`: the labelled rows of one target on Test; `threshold`: that of Val, at or above which an
    output is positive. The surest come first, equally sure ones by name. Without a threshold, and
    without rows, all lists are empty.
    """
    predicted = as_float32(values_of(rows, MODEL_OUTPUT)) >= threshold
    positive = values_of(rows, LABEL) > 0.5
    has_threshold = not math.isnan(threshold)
    chosen = {
        Outcome.FALSE_POSITIVE: predicted & ~positive,
        Outcome.FALSE_NEGATIVE: ~predicted & positive,
        Outcome.TRUE_POSITIVE: predicted & positive,
        Outcome.TRUE_NEGATIVE: ~predicted & ~positive,
    }
    return {
        outcome: _surest(rows_where(rows, is_chosen & has_threshold), outcome, number)
        for outcome, is_chosen in chosen.items()
    }


def as_lines(subjects: pd.DataFrame) -> list[str]:
    """Return `<i>. ID <subject> Score: <output>` for each row, counted from 1."""
    found = zip(texts_of(subjects, SUBJECT), values_of(subjects, MODEL_OUTPUT), strict=True)
    return [
        f"{place}. ID {name} Score: {value:.5f}" for place, (name, value) in enumerate(found, 1)
    ]


def _surest(rows: pd.DataFrame, outcome: Outcome, number: int) -> pd.DataFrame:
    sign = -1 if outcome in HIGHEST_FIRST else 1
    outputs, subjects = sign * values_of(rows, MODEL_OUTPUT), texts_of(rows, SUBJECT)
    order: Sequence[int] = sorted(
        range(len(rows)), key=lambda row: (outputs[row], natural_key(subjects[row]))
    )
    first = rows.iloc[list(order[:number])]
    return columns_in_order(first, (SUBJECT, LABEL, MODEL_OUTPUT))
