"""How well are classes told apart of which each subject has one? Accuracy, and tasks among them."""

import math
from collections.abc import Sequence

import numpy as np

from innereye.metrics.columns import Values


def class_accuracy(labels: Values, posteriors: Values) -> float:
    """Return how often the most likely class is that of the label; (subjects, classes) each.

    Subjects with a NaN among their labels, or without any class, are left out; NaN where none is
    left, and where a posterior of one is NaN. Of equally likely classes the first one counts.
    """
    truth, found = _with_class(labels, posteriors)
    if not len(truth) or np.isnan(found).any():
        return math.nan
    return float(np.mean(truth.argmax(axis=1) == found.argmax(axis=1)))


def between(
    labels: Values, posteriors: Values, *, negative: Sequence[int], positive: Sequence[int]
) -> tuple[Values, Values]:
    """Return labels and outputs of the binary task between two groups of classes, (N,) each.

    Only subjects of these classes take part; the output is the posterior of the positive group as
    a part of that of both, 0.5 where both are 0. `labels`, `posteriors`: (subjects, classes).
    """
    truth, found = _with_class(labels, posteriors)
    own = truth.argmax(axis=1) if len(truth) else np.empty(0, np.int64)
    takes_part = np.isin(own, [*negative, *positive])
    of_positive = found[takes_part][:, list(positive)].sum(axis=1)
    of_both = found[takes_part][:, [*negative, *positive]].sum(axis=1)
    outputs = np.full(of_both.shape, 0.5)
    np.divide(of_positive, of_both, out=outputs, where=of_both != 0)
    return np.isin(own[takes_part], list(positive)).astype(np.float64), outputs


def _with_class(labels: Values, posteriors: Values) -> tuple[Values, Values]:
    truth, found = np.asarray(labels, np.float64), np.asarray(posteriors, np.float64)
    if truth.ndim != 2 or truth.shape != found.shape:
        raise ValueError(f"labels {truth.shape} and posteriors {found.shape} are not (N, classes)")
    has_class = ~np.isnan(truth).any(axis=1) & (truth > 0.5).any(axis=1)
    return truth[has_class], found[has_class]
