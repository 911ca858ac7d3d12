"""How far is the network from the structures (Dice) and from each voxel's class (cross entropy)?"""

import torch
from torch import Tensor

from innereye.losses.cross_entropy import cross_entropy_loss

SMALLEST = 1e-5  # keeps the gradient finite where a structure of one voxel is missed altogether


def dice_cross_entropy_loss(
    logits: Tensor,
    target: Tensor,
    *,
    class_weight_power: float | None = None,
    label_smoothing_eps: float = 0.0,
) -> Tensor:
    """Return the mean of 1 - Dice of the structures and the cross entropy, in float32.

    `logits` and the one-hot `target` have shape (B, K, ...), background first. Weights and smoothing
    are for the cross entropy. It is the pair of losses of nnU-Net (Isensee et al. 2021), but that
    absent structures are left out of the Dice.
    """
    entropy = cross_entropy_loss(
        logits,
        target,
        class_weight_power=class_weight_power,
        label_smoothing_eps=label_smoothing_eps,
    )
    return 0.5 * entropy + 0.5 * structures_dice_loss(torch.softmax(logits.float(), 1), target)


def structures_dice_loss(posteriors: Tensor, target: Tensor) -> Tensor:
    """Return 1 - the mean of 2 sum(q t) / (sum q + sum t) for posteriors q and target t (B, K, ...).

    The sums are over the voxels of a structure in a sample, the mean over the structures present in
    each sample. An absent one would add about 1/K without a gradient; its false voxels are punished
    by the cross entropy. 0 where no structure is present.
    """
    q, t = posteriors[:, 1:].flatten(2), target[:, 1:].flatten(2).to(posteriors.dtype)
    volumes = t.sum(dim=2)
    dice = 2.0 * (q * t).sum(dim=2) / (q.sum(dim=2) + volumes + SMALLEST)
    is_present = volumes > 0
    missed = torch.where(is_present, 1.0 - dice, torch.zeros_like(dice)).sum(dim=1)
    return (missed / is_present.sum(dim=1).clamp(min=1)).mean()
