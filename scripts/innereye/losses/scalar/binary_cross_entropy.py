"""How surprised is the network by each yes or no?"""

import torch
from torch import Tensor
from torch.nn import functional

from innereye.losses.scalar.masked import known_labels, mean_of_known


def binary_cross_entropy_loss(
    logits: Tensor,
    labels: Tensor,
    *,
    positive_weights: Tensor | None = None,
    label_smoothing_eps: float = 0.0,
) -> Tensor:
    """Return the mean of -(w t log p + (1 - t) log(1 - p)) over the known labels, in float32.

    `logits` and `labels` have shape (B, T); p is the sigmoid of a logit, t a label of 0 or 1, eps or
    1 - eps where labels are smoothed; NaN is not known. `positive_weights` (T,) are w, else 1.
    """
    output, truth, is_known = known_labels(logits, labels)
    if label_smoothing_eps:
        truth = truth * (1.0 - label_smoothing_eps) + (1.0 - truth) * label_smoothing_eps
    weights = None if positive_weights is None else positive_weights.to(output)
    losses = functional.binary_cross_entropy_with_logits(
        output, truth, pos_weight=weights, reduction="none"
    )
    return mean_of_known(losses, is_known)


def positive_weights(labels: Tensor) -> Tensor:
    """Return (N - n) / n of each target (T,), for n positives of N known labels (N, T) of Train.

    1 for a target without positives, as in InnerEye: nothing is there to be weighted up. A target
    without negatives has 0 there, and would teach nothing; here it has 1, too.
    """
    is_known = ~torch.isnan(labels)
    positives = ((labels == 1) & is_known).sum(dim=0).float()
    negatives = is_known.sum(dim=0).float() - positives
    has_both = (positives > 0) & (negatives > 0)
    return torch.where(has_both, negatives / positives.clamp(min=1), torch.ones_like(positives))
