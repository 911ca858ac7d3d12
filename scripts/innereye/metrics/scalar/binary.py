"""How good is a binary classifier? The metrics of one target in one table."""

import math
from dataclasses import dataclass, fields

import numpy as np

from innereye.metrics.scalar.cross_entropy import cross_entropy, cross_entropy_of_logits
from innereye.metrics.scalar.known_rows import Numbers, as_float32, known_rows
from innereye.metrics.scalar.operating_points import (
    operating_points,
    optimal_threshold,
    pr_curve,
    roc_curve,
)

HALF = 0.5


@dataclass(frozen=True)
class BinaryMetrics:
    """Metrics of one target, in the order of `metrics_aggregates.csv`; NaN where there is none.

    With one class only there are neither areas nor an optimal threshold nor what depends on it.
    """

    area_under_roc_curve: float
    area_under_pr_curve: float
    accuracy_at_optimal_threshold: float
    false_positive_rate_at_optimal_threshold: float
    false_negative_rate_at_optimal_threshold: float
    optimal_threshold: float
    cross_entropy: float
    accuracy_at_threshold_05: float
    subject_count: int


BINARY_METRICS = tuple(field.name for field in fields(BinaryMetrics))


@dataclass(frozen=True)
class Confusion:
    """How many rows of each class lie at or above a threshold, and below it."""

    true_positives: int
    false_positives: int
    true_negatives: int
    false_negatives: int

    @property
    def positives(self) -> int:
        """Return how many rows are truly positive."""
        return self.true_positives + self.false_negatives

    @property
    def negatives(self) -> int:
        """Return how many rows are truly negative."""
        return self.true_negatives + self.false_positives

    @property
    def correct(self) -> int:
        """Return how many rows lie on their side."""
        return self.true_positives + self.true_negatives

    @property
    def accuracy(self) -> float:
        """Return the part of the rows that lie on their side."""
        return ratio(self.correct, self.positives + self.negatives)

    @property
    def sensitivity(self) -> float:
        """Return the part of the positives that are found."""
        return ratio(self.true_positives, self.positives)

    @property
    def specificity(self) -> float:
        """Return the part of the negatives that are left alone."""
        return ratio(self.true_negatives, self.negatives)

    @property
    def false_positive_rate(self) -> float:
        """Return the part of the negatives that are taken for positives."""
        return ratio(self.false_positives, self.negatives)

    @property
    def false_negative_rate(self) -> float:
        """Return the part of the positives that are missed."""
        return ratio(self.false_negatives, self.positives)


def ratio(part: int, whole: int) -> float:
    """Return part / whole, NaN of nothing."""
    return part / whole if whole else math.nan


def confusion(labels: Numbers, outputs: Numbers, *, threshold: float) -> Confusion:
    """Return the four counts at a threshold, for labels and outputs (N,), compared in 32 bits.

    Outputs at or above the threshold are predicted positive: at an optimal threshold, which is
    itself an output, accuracy then agrees with the rates that it was chosen for. Nothing is counted
    where the threshold or an output is NaN.
    """
    truth, found = known_rows(labels, outputs)
    if math.isnan(threshold) or np.isnan(found).any():
        return Confusion(0, 0, 0, 0)
    positive = truth > HALF
    predicted = as_float32(found) >= np.float32(threshold)
    return Confusion(
        true_positives=int(np.sum(predicted & positive)),
        false_positives=int(np.sum(predicted & ~positive)),
        true_negatives=int(np.sum(~predicted & ~positive)),
        false_negatives=int(np.sum(~predicted & positive)),
    )


def accuracy_at_half(labels: Numbers, outputs: Numbers) -> float:
    """Return the accuracy at 0.5, where an output of exactly 0.5 is not yet positive.

    NaN without any row with a label, and where an output is NaN.
    """
    truth, found = known_rows(labels, outputs)
    if not truth.size or np.isnan(found).any():
        return math.nan
    return float(np.mean((as_float32(found) > np.float32(HALF)) == (truth > HALF)))


def binary_metrics(
    labels: Numbers, outputs: Numbers, *, logits: Numbers | None = None
) -> BinaryMetrics:
    """Return the metrics of labels (0, 1 or NaN for unknown) and posteriors, (N,) each.

    With `logits` the cross entropy is exact however sure the model is. Nothing is raised for rows
    that have no metric; an output that is NaN leaves the count alone.
    """
    points = operating_points(labels, outputs)
    threshold = optimal_threshold(points)
    counts = confusion(labels, outputs, threshold=threshold)
    entropy = (
        cross_entropy(labels, outputs)
        if logits is None
        else cross_entropy_of_logits(labels, logits)
    )
    return BinaryMetrics(
        area_under_roc_curve=roc_curve(points).area,
        area_under_pr_curve=pr_curve(points).area,
        accuracy_at_optimal_threshold=counts.accuracy,
        false_positive_rate_at_optimal_threshold=counts.false_positive_rate,
        false_negative_rate_at_optimal_threshold=counts.false_negative_rate,
        optimal_threshold=threshold,
        cross_entropy=entropy,
        accuracy_at_threshold_05=accuracy_at_half(labels, outputs),
        subject_count=len(known_rows(labels, outputs)[0]),
    )
