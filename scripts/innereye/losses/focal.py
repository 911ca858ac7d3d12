"""How surprised is the network by the voxels that it does not know yet?"""

import torch
from torch import Tensor

from innereye.losses.all_processes import sum_over_processes
from innereye.losses.class_weights import class_weights
from innereye.losses.cross_entropy import true_class, voxel_losses

EPSILON = 1e-6


def focal_loss(
    logits: Tensor,
    target: Tensor,
    *,
    focal_loss_gamma: float = 1.0,
    class_weight_power: float | None = None,
    label_smoothing_eps: float = 0.0,
) -> Tensor:
    """Return the mean of the cross entropy of the voxels, each times v / mean(v), in float32.

    v = (1 - p_true)^gamma is large where the true class is not found yet (Lin et al. 2017,
    arXiv:1708.02002); it has no gradient, and its mean is 1, so that the loss keeps the scale of the
    cross entropy. `logits` and the one-hot `target` have shape (B, K, ...); where structures
    overlap the first is the true class, and smoothed labels change the cross entropy only.
    """
    truth = true_class(target)
    losses = voxel_losses(
        logits,
        truth,
        weights=class_weights(target, class_weight_power) if class_weight_power else None,
        label_smoothing_eps=label_smoothing_eps,
    )
    return torch.mean(losses * _voxel_weights(logits, target, truth, focal_loss_gamma))


@torch.no_grad()
def _voxel_weights(logits: Tensor, target: Tensor, truth: Tensor, gamma: float) -> Tensor:
    """Return v / mean(v) of the voxels (B, ...), those of all processes together."""
    posteriors = torch.softmax(logits.float(), dim=1)
    right = posteriors.gather(1, truth.unsqueeze(1)).squeeze(1)
    # Voxels of no class are those of crops that stand in for a missing one: they count nothing.
    has_class = (target > 0).any(dim=1)
    weights = (1.0 - right + EPSILON).pow(gamma) * has_class
    sums = torch.stack([weights.sum(), has_class.sum(dtype=torch.float32)])
    total, count = sum_over_processes(sums)
    return weights * count / (total + EPSILON)
