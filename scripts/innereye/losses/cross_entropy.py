"""How surprised is the network by the true class of each voxel?"""

import torch
from torch import Tensor
from torch.nn import functional

from innereye.losses.class_weights import class_weights


def cross_entropy_loss(
    logits: Tensor, target: Tensor, *, class_weight_power: float | None = None
) -> Tensor:
    """Return the mean over voxels of -log p(true class), times that class's weight, in float32.

    `logits` and the one-hot `target` have shape (B, K, ...); where structures overlap the first
    counts. As in InnerEye, the mean is not divided by the sum of the weights.
    """
    weights = class_weights(target, class_weight_power) if class_weight_power else None
    # A reduction inside the kernel would divide by the weights and add up in any order on a GPU.
    losses = functional.cross_entropy(
        logits.float(), _true_class(target), weight=weights, reduction="none"
    )
    return torch.mean(losses)


def _true_class(target: Tensor) -> Tensor:
    """Return the index (B, ...) of the first largest class: an argmax that is quick on a CPU."""
    largest = target[:, 0]
    index = torch.zeros_like(largest, dtype=torch.int64)
    for each in range(1, target.shape[1]):
        is_larger = target[:, each] > largest
        index.masked_fill_(is_larger, each)
        largest = torch.where(is_larger, target[:, each], largest)
    return index
