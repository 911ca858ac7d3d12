"""How much does each class weigh in the loss? By its number of voxels to a negative power."""

import torch
from torch import Tensor

from innereye.losses.all_processes import sum_over_processes


def class_weights(target: Tensor, power: float) -> Tensor:
    """Return weights (K,) in float32, proportional to n^-power for n target voxels, with mean 1.

    `target` is one-hot (B, K, ...); n counts over the batch, of which each of several processes
    that train together has a part; a class without voxels has n = 1.
    """
    other_axes = [axis for axis in range(target.dim()) if axis != 1]
    counts = sum_over_processes(target.sum(dim=other_axes, dtype=torch.float32))
    weights = counts.clamp(min=1.0).pow(-power)
    return weights / weights.mean()
