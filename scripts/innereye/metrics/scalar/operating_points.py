"""What does each threshold find? Curves of a binary classifier, their areas and best threshold."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from innereye.metrics.columns import Values
from innereye.metrics.scalar.known_rows import Numbers, as_float32, known_rows

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OperatingPoints:
    """Thresholds from high to low, (K + 1,), and what is found with outputs at or above each.

    The thresholds are the distinct outputs, and before them one that no output reaches: the highest
    output plus 1, which a file can hold, unlike infinity.
    """

    thresholds: npt.NDArray[np.float32]
    true_positives: Counts
    false_positives: Counts

    @property
    def positives(self) -> int:
        """Return how many rows are truly positive."""
        return int(self.true_positives[-1])

    @property
    def negatives(self) -> int:
        """Return how many rows are truly negative."""
        return int(self.false_positives[-1])

    @property
    def has_both_classes(self) -> bool:
        """Return whether there is anything to tell apart."""
        return self.positives > 0 and self.negatives > 0


@dataclass(frozen=True)
class Curve:
    """Points of a curve, (K,) each, x ascending."""

    x: Values
    y: Values

    @property
    def area(self) -> float:
        """Return the area under the curve by the trapezoid rule; NaN where there is no curve."""
        return float(np.trapezoid(self.y, self.x)) if self.x.size else math.nan


NO_CURVE = Curve(np.empty(0), np.empty(0))


def operating_points(labels: Numbers, outputs: Numbers) -> OperatingPoints:
    """Return what each threshold finds, for labels and outputs (N,); a label above 0.5 is positive.

    Rows without a label are left out. Outputs that are equal in 32 bits share a threshold. Where an
    output is NaN there is no order, hence no rows count.
    """
    truth, found = known_rows(labels, outputs)
    scores = as_float32(found)
    if np.isnan(scores).any():
        truth, scores = truth[:0], scores[:0]
    order = np.argsort(-scores, kind="stable")
    scores, positive = scores[order], truth[order] > 0.5
    is_last_of_value = np.append(scores[1:] != scores[:-1], True)[: scores.size]
    true_positives = np.cumsum(positive, dtype=np.int64)[is_last_of_value]
    false_positives = np.cumsum(~positive, dtype=np.int64)[is_last_of_value]
    above_all = scores[:1] + np.float32(1) if scores.size else np.ones(1, np.float32)
    return OperatingPoints(
        thresholds=np.concatenate([above_all, scores[is_last_of_value]]),
        true_positives=np.concatenate([[0], true_positives]),
        false_positives=np.concatenate([[0], false_positives]),
    )


def roc_curve(points: OperatingPoints) -> Curve:
    """Return the true positive rate over the false positive rate; no points with one class only."""
    if not points.has_both_classes:
        return NO_CURVE
    return Curve(
        x=points.false_positives / points.negatives, y=points.true_positives / points.positives
    )


def pr_curve(points: OperatingPoints) -> Curve:
    """Return the precision over the recall; no points with one class only.

    It begins at recall 0 with precision 1 and ends where all positives are found.
    """
    if not points.has_both_classes:
        return NO_CURVE
    end = int(np.searchsorted(points.true_positives, points.positives)) + 1
    found = points.true_positives[:end]
    predicted = found + points.false_positives[:end]
    precision = np.ones(end)
    np.divide(found, predicted, out=precision, where=predicted > 0)
    return Curve(x=found / points.positives, y=precision)


def optimal_threshold(points: OperatingPoints) -> float:
    """Return the threshold of the highest true minus false positive rate (Youden 1950).

    The highest of several such thresholds. NaN with one class only. Where no threshold is better
    than chance it is the first one, which no output reaches.
    """
    if not points.has_both_classes:
        return math.nan
    # In whole numbers, so that equal differences of rates are equal here.
    gain = points.true_positives * points.negatives - points.false_positives * points.positives
    return float(points.thresholds[int(np.argmax(gain))])
