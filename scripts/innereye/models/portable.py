"""Which network computes the same, gives posteriors, and can be written down as a graph?"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from innereye.models.layers import Conv3d, InstanceNorm


def portable(network: nn.Module) -> nn.Module:
    """Return a copy that maps images (B, C, Z, Y, X) to posteriors (B, K, ...), in eval mode on the CPU.

    A graph holds operations on tensors, and no decision that Python takes on a size. The copy takes
    none: it checks no sizes, and is made of torch's own layers where ours choose between two ways to
    the same values. It gives the full resolution alone, deep supervision or not.
    """
    copied: Any = deepcopy(network).cpu()
    copied.sizes = _AnySize()
    for part in copied.modules():
        # The classes below keep the state of those that they stand in for, and step otherwise.
        if isinstance(part, Conv3d):
            part.__class__ = _PlainConv3d
        elif isinstance(part, InstanceNorm):
            part.__class__ = _PlainInstanceNorm
    return nn.Sequential(copied, nn.Softmax(dim=1)).eval()


class _AnySize:
    """Sizes that nobody checks."""

    def takes(self, size: Sequence[int]) -> bool:
        """Whatever comes."""
        del size
        return True


class _PlainConv3d(Conv3d):
    """Convolution as torch has it."""

    def forward(self, input: Tensor) -> Tensor:
        return nn.Conv3d.forward(self, input)


class _PlainInstanceNorm(InstanceNorm):
    """Instance normalisation as ours has it on a CPU: one group per channel."""

    def forward(self, input: Tensor) -> Tensor:
        # The function of this name in torch.nn.functional would look at the size.
        return torch.group_norm(input, self.num_features, self.weight, self.bias, self.eps)
