"""What does the output of a network mean? Posteriors of logits, or values as they are."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

OutputFunction = Callable[[Tensor], Tensor]


def output_function(own: Any, *, is_regression: bool, is_exclusive: bool) -> OutputFunction:
    """Return what maps outputs (B, T) to what files hold: `own` of the model, where it has one.

    Else values of a regression stay; logits become posteriors by a softmax for classes of which each
    item has one, by a sigmoid for others.
    """
    if own is not None:
        return own
    if is_regression:
        return _as_they_are
    return _softmax if is_exclusive else torch.sigmoid


def _as_they_are(values: Tensor) -> Tensor:
    return values


def _softmax(logits: Tensor) -> Tensor:
    return torch.softmax(logits, dim=1)
