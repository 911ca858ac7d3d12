"""What is the loss of logits at several resolutions?"""

from collections.abc import Sequence

from torch import Tensor

from innereye.losses.mixture import Loss

Levels = Tensor | Sequence[Tensor]


def full_resolution(output: Levels) -> Tensor:
    """Return the logits (B, K, Z, Y, X) of the full resolution from what a network gave."""
    return output if isinstance(output, Tensor) else output[0]


def loss_of_levels(loss: Loss, output: Levels, target: Tensor) -> Tensor:
    """Return the mean of the loss over the levels of the output, weighted 1, 1/2, 1/4, ...

    `output`: logits, or those of the full resolution and then of 1/2, 1/4, ... of it; `target`:
    one-hot (B, K, Z, Y, X) at the full resolution. One level has just its loss.
    """
    if isinstance(output, Tensor):
        return loss(output.float(), target)
    weights = [0.5**level for level in range(len(output))]
    parts = [
        loss(logits.float(), at_size(target, logits.shape[2:])) * (weight / sum(weights))
        for logits, weight in zip(output, weights, strict=True)
    ]
    value = parts[0]
    for part in parts[1:]:
        value = value + part
    return value


def at_size(target: Tensor, size: Sequence[int]) -> Tensor:
    """Return the target (B, K, Z, Y, X) at a coarser size: the voxel nearest to each centre.

    A voxel chosen keeps the classes exclusive, and the shares of the classes on average. A maximum
    would give a voxel several classes, and a majority would wipe out what is thin.
    """
    for axis, length in enumerate(size, start=2):
        factor = target.shape[axis] // length
        chosen = [slice(None)] * axis + [slice((factor - 1) // 2, None, factor)]
        target = target[tuple(chosen)]
    return target
