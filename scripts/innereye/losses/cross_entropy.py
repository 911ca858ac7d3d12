"""How surprised is the network by the true class of each voxel?"""

import torch
from torch import Tensor
from torch.nn import functional

from innereye.losses.class_weights import class_weights


def cross_entropy_loss(
    logits: Tensor,
    target: Tensor,
    *,
    class_weight_power: float | None = None,
    label_smoothing_eps: float = 0.0,
) -> Tensor:
    """Return the mean over voxels of `voxel_losses`, in float32.

    As in InnerEye, the mean is not divided by the sum of the weights of the classes.
    """
    losses = voxel_losses(
        logits,
        true_class(target),
        weights=class_weights(target, class_weight_power) if class_weight_power else None,
        label_smoothing_eps=label_smoothing_eps,
    )
    return torch.mean(losses)


def voxel_losses(
    logits: Tensor, truth: Tensor, *, weights: Tensor | None, label_smoothing_eps: float
) -> Tensor:
    """Return -sum_c w_c t_c log p_c of each voxel (B, ...), in float32.

    `logits` have shape (B, K, ...), the true classes `truth` (B, ...), `weights` (K,) are w. t is 1
    for the true class and 0 for the others, or 1 - eps and eps / (K - 1) where labels are smoothed
    (Szegedy et al. 2016, arXiv:1512.00567). The sum over the classes is taken in every case.
    """
    # A reduction inside the kernel would divide by the weights and add up in any order on a GPU.
    losses = functional.cross_entropy(logits.float(), truth, weight=weights, reduction="none")
    if not label_smoothing_eps:
        return losses
    share_of_others = label_smoothing_eps / (logits.shape[1] - 1)
    surprise = -torch.log_softmax(logits.float(), dim=1)
    if weights is not None:
        surprise = surprise * weights.view(1, -1, *[1] * (surprise.dim() - 2))
    rest = 1.0 - label_smoothing_eps - share_of_others
    return losses * rest + surprise.sum(dim=1) * share_of_others


def true_class(target: Tensor) -> Tensor:
    """Return the index (B, ...) of the first largest class of a one-hot target (B, K, ...).

    Where structures overlap the first counts. An argmax that is quick on a CPU.
    """
    largest = target[:, 0]
    index = torch.zeros_like(largest, dtype=torch.int64)
    for each in range(1, target.shape[1]):
        is_larger = target[:, each] > largest
        index.masked_fill_(is_larger, each)
        largest = torch.where(is_larger, target[:, each], largest)
    return index
