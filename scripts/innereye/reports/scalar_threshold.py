"""From which output on is a subject called positive? The threshold of a target, and why it is that."""

import math
from dataclasses import dataclass

import pandas as pd

from innereye.metrics.columns import values_of
from innereye.metrics.scalar.columns import MODEL_OUTPUT
from innereye.metrics.scalar.report_table import threshold_of

WITHOUT_CHOICE = 0.5


@dataclass(frozen=True)
class Threshold:
    """A threshold, and how it came about: the end of a sentence that begins with its value."""

    value: float
    reason: str
    is_optimal: bool = False

    def __str__(self) -> str:
        return f"{self.value:.4f}, {self.reason}"


def choose_threshold(rows: pd.DataFrame, *, of: str) -> Threshold:
    """Return the optimal threshold of the labelled rows of a target; 0.5 where they have none.

    `of`: the words for where the rows come from.
    """
    if not len(rows):
        return Threshold(WITHOUT_CHOICE, f"as there are no results on {of}")
    value = threshold_of(rows)
    if math.isnan(value):
        return Threshold(WITHOUT_CHOICE, f"as none can be chosen on {of}: it has one class only")
    if value > values_of(rows, MODEL_OUTPUT).max():
        return Threshold(
            value, f"above all outputs, as none is better than chance on {of}", is_optimal=True
        )
    return Threshold(value, f"where sensitivity + specificity is highest on {of}", is_optimal=True)
