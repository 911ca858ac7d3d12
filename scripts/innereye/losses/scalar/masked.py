"""What is the mean of a loss over the labels that are known?"""

import torch
from torch import Tensor


def known_labels(output: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return output, labels and which of the labels are known, each (B, T); output in float32.

    Where a label is NaN the first two are 0: what the network says there has no gradient, be it
    infinite or NaN itself. Raises ValueError where the shapes differ.
    """
    if output.shape != labels.shape:
        raise ValueError(
            f"The network gives outputs of shape {tuple(output.shape)} for labels of shape "
            f"{tuple(labels.shape)}."
        )
    is_known = ~torch.isnan(labels)
    nothing = torch.zeros((), dtype=torch.float32, device=output.device)
    known_output = torch.where(is_known, output.float(), nothing)
    return known_output, torch.where(is_known, labels.float(), nothing), is_known


def mean_of_known(losses: Tensor, is_known: Tensor) -> Tensor:
    """Return the mean of losses over the known labels; 0, with a gradient of 0, where none is."""
    total = torch.where(is_known, losses, torch.zeros_like(losses)).sum()
    return total / is_known.sum().clamp(min=1)
