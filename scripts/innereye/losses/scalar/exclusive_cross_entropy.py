"""How surprised is the network by the class of each item, where an item has exactly one?"""

import torch
from torch import Tensor

from innereye.losses.scalar.masked import known_labels


def exclusive_cross_entropy_loss(
    logits: Tensor, labels: Tensor, *, label_smoothing_eps: float = 0.0, is_summed: bool = False
) -> Tensor:
    """Return the mean of -sum_c t_c log p_c over the items that have a class, in float32.

    p is the softmax of the logits (B, T), T at least 2. t is 1 for the first class whose label is
    the largest of `labels` (B, T), or 1 - eps, and eps / (T - 1) for the others. An item with a NaN
    has no class, nor has one without any: it counts nothing. `is_summed`: the sum over the items, as
    InnerEye's CovidModel has it.
    """
    output, truth, is_known = known_labels(logits, labels)
    has_class = is_known.all(dim=1) & (truth > 0).any(dim=1)
    surprise = -torch.log_softmax(output, dim=1)
    others = label_smoothing_eps / (logits.shape[1] - 1)
    target = torch.full_like(output, others)
    target.scatter_(1, truth.argmax(dim=1, keepdim=True), 1.0 - label_smoothing_eps)
    losses = (surprise * target).sum(dim=1)
    total = torch.where(has_class, losses, torch.zeros_like(losses)).sum()
    return total if is_summed else total / has_class.sum().clamp(min=1)
