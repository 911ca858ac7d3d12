"""How often does each class occur, and how is a rare one made up for? Counts and weights."""

import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd

from innereye.data.scalar.items import Item

logger = logging.getLogger(__name__)
COUNT_COLUMNS = ("prediction_target", "items", "positive", "negative", "unknown")


def stacked_labels(items: Sequence[Item], number_of_targets: int) -> np.ndarray:
    """Return the labels of some items, float32 (N, T)."""
    if not items:
        return np.zeros((0, number_of_targets), np.float32)
    return np.stack([item.label for item in items])


def class_counts(labels: np.ndarray, target_names: Sequence[str]) -> pd.DataFrame:
    """Return how many labels (N, T) of each target are positive, negative, and unknown (NaN)."""
    rows = [
        (name, len(each), int((each == 1).sum()), int((each == 0).sum()), int(np.isnan(each).sum()))
        for name, each in zip(target_names, labels.T, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COUNT_COLUMNS))


def log_counts(labels: np.ndarray, target_names: Sequence[str], split: str) -> None:
    """Log the counts of a split, and warn of a target that has one class only."""
    for name, items, positive, negative, _ in class_counts(labels, target_names).to_numpy():
        logger.info(
            "%s, %s: %d items, %d positive, %d negative.", split, name, items, positive, negative
        )
        if items and not (positive and negative):
            logger.warning(
                "%s, %s: all labels are the same; scores that compare classes are not defined there.",
                split,
                name,
            )


def positive_weights(labels: np.ndarray) -> np.ndarray:
    """Return for each target the weight of its positive labels in the loss, float32 (T,).

    It is (N - n) / n with n positive labels of the N known ones of a target, 1 where there is no positive
    one. `labels` (N, T) are those of Train.
    """
    known = (~np.isnan(labels)).sum(axis=0)
    positive = (labels == 1).sum(axis=0)
    weights = np.where(positive > 0, (known - positive) / np.maximum(positive, 1), 1.0)
    return weights.astype(np.float32)


def sampling_probabilities(labels: np.ndarray) -> np.ndarray:
    """Return the chance, float64 (N,), of each item to be drawn, so that classes come equally often.

    `labels` are those of one target, (N,) or (N, 1). Items of unknown label count as a class of their
    own. The chances add up to 1.
    """
    flat = np.nan_to_num(labels if labels.ndim == 1 else labels[:, 0], nan=-1.0)
    if not flat.size:
        return np.zeros(0)
    _, which, counts = np.unique(flat, return_inverse=True, return_counts=True)
    weights = 1.0 / counts[which]
    return weights / weights.sum()
