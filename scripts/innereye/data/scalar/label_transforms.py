"""What is done to the labels of an item before they are learnt? They are scaled, or subtracted.

A transform takes the labels of an item, one (T,) from each label channel, and returns as many or one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from innereye.names import LabelTransform

Labels = list[np.ndarray]
Transform = Callable[[Labels], Labels | np.ndarray]


def identity(labels: Labels) -> np.ndarray:
    """Return the one label.

    Raises:
        ValueError: there is more than one, or none.
    """
    if len(labels) != 1:
        raise ValueError(f"has {len(labels)} labels; exactly one is allowed")
    return labels[0]


def difference(labels: Labels) -> np.ndarray:
    """Return the second label minus the first.

    Raises:
        ValueError: there are not two.
    """
    if len(labels) != 2:
        raise ValueError(f"has {len(labels)} labels; a difference needs exactly two")
    return labels[1] - labels[0]


@dataclass(frozen=True)
class Scaling:
    """Labels from `low` to `high` become 0 to 1: (label - low) / (high - low).

    With `by_maximum` the original's: (label - low) / high, which is the same for a low of 0.
    """

    low: float
    high: float
    by_maximum: bool = False

    def __call__(self, labels: Labels) -> Labels:
        """Return the labels, each scaled."""
        width = self.high if self.by_maximum else self.high - self.low
        return [((label - self.low) / width).astype(np.float32) for label in labels]


def get_scaling_transform(
    max_value: float = 100, min_value: float = 0, last_in_pipeline: bool = True
) -> Transform:
    """Return the transform of `Scaling`, under the name that the original has for it."""
    scaling = Scaling(min_value, max_value)
    return (lambda labels: identity(scaling(labels))) if last_in_pipeline else scaling


def transforms_of(
    names: Sequence[LabelTransform], label_range: tuple[float, float]
) -> tuple[Transform, ...]:
    """Return the transforms of a model's fields, in their order."""
    low, high = label_range
    known: dict[LabelTransform, Transform] = {
        LabelTransform.IDENTITY: identity,
        LabelTransform.DIFFERENCE: difference,
        LabelTransform.SCALING: Scaling(low, high),
        LabelTransform.SCALING_BY_MAXIMUM: Scaling(low, high, by_maximum=True),
    }
    return tuple(known[name] for name in names)


def transform_labels(labels: Labels, transforms: Sequence[Transform]) -> np.ndarray:
    """Return the one label, (T,), that some transforms make of the labels of an item.

    Raises:
        ValueError: they leave more than one, or one of them needs another number of labels.
    """
    for transform in transforms:
        changed = transform(labels)
        labels = changed if isinstance(changed, list) else [changed]
    return identity(labels)
