"""In which units does a network of a regression answer?"""

import torch
from torch import Tensor, nn


class LabelScale(nn.Module):
    """The last step of a regression: from numbers around 0 to the units of the labels.

    A network learns numbers of a size of 1 best; volumes of 3,000 mm3 would take it a thousand steps
    to reach. Mean and deviation are buffers: they travel with the weights in a checkpoint.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, num_targets: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(num_targets))
        self.register_buffer("std", torch.ones(num_targets))

    def forward(self, numbers: Tensor) -> Tensor:
        """Return values (B, T) in the labels' units, in float32 whatever the precision before."""
        return numbers.float() * self.std + self.mean


def set_label_scale(network: nn.Module, labels: Tensor) -> None:
    """Let the network of a regression answer in the units of the training labels (N, T).

    NaN is not known; a target whose labels are all alike, or of which there is but one, keeps a
    deviation of 1. A network without a `LabelScale`, such as one of the user's, stays as it is.
    """
    mean, std = label_moments(labels)
    for part in network.modules():
        if isinstance(part, LabelScale):
            part.mean.copy_(mean)
            part.std.copy_(std)


def label_moments(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and deviation (T,) of the known labels (N, T), as numbers that can be divided by."""
    values = labels.double()
    is_known = ~torch.isnan(values)
    count = is_known.sum(dim=0).clamp(min=1)
    mean = torch.where(is_known, values, 0.0).sum(dim=0) / count
    squares = torch.where(is_known, values - mean, 0.0).square().sum(dim=0)
    std = (squares / (count - 1).clamp(min=1)).sqrt()
    return mean.float(), torch.where(std > 0, std, 1.0).float()
