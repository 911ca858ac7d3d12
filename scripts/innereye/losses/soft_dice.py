"""How far from 1 is the Dice coefficient of posteriors and target, with a gradient?"""

import torch
from torch import Tensor

from innereye.losses.class_weights import class_weights

EPSILON = 1e-10


def soft_dice_loss(
    logits: Tensor, target: Tensor, *, class_weight_power: float | None = None
) -> Tensor:
    """Return 1 - the mean soft Dice over samples and classes (background included), in float32.

    `logits` and the one-hot `target` have shape (B, K, ...). Class weights may bring it below 0.
    """
    weights = class_weights(target, class_weight_power) if class_weight_power else None
    return soft_dice_of(torch.softmax(logits.float(), dim=1), target.float(), weights=weights)


def soft_dice_of(
    posteriors: Tensor, target: Tensor, *, weights: Tensor | None = None, epsilon: float = EPSILON
) -> Tensor:
    """Return 1 - 2 mean(w I / D) for posteriors q and target t (B, K, ...), weights (K,).

    I = sum(q t + epsilon), D = sum(q^2 + epsilon) + sum(t^2 + epsilon), over the voxels of a class
    in a sample. The squares in D are those of V-Net (Milletari et al. 2016).
    """
    q, t = posteriors.flatten(2), target.flatten(2)
    epsilons = q.shape[2] * epsilon
    with torch.no_grad():
        target_squares = (t * t).sum(dim=2) + epsilons
    intersection = (q * t).sum(dim=2) + epsilons
    if weights is not None:
        intersection = intersection * weights
    ratios = intersection / ((q * q).sum(dim=2) + epsilons + target_squares)
    return 1.0 - 2.0 * ratios.mean()
