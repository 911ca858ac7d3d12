"""How do the features of all places of an image become one number a channel?"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from innereye.architectures import Size
from innereye.scalar_names import AggregationType


class AveragePooling(nn.Module):
    """The mean over all places."""

    def forward(self, features: Tensor) -> Tensor:
        """Return (B, C) for features (B, C, Z, Y, X)."""
        return features.mean(dim=(2, 3, 4))


class MaxPooling(nn.Module):
    """The largest value of all places."""

    def forward(self, features: Tensor) -> Tensor:
        """Return (B, C) for features (B, C, Z, Y, X)."""
        return features.amax(dim=(2, 3, 4))


class MixPooling(nn.Module):
    """A learnt share of the mean, the rest of the maximum; half of each to begin with.

    Lee et al. 2016, arXiv:1509.08985, section 3.1.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mixing_weight = nn.Parameter(torch.zeros(1))

    def forward(self, features: Tensor) -> Tensor:
        """Return (B, C) for features (B, C, Z, Y, X)."""
        return _mixed(features, torch.sigmoid(self.mixing_weight))


class GatedPooling(nn.Module):
    """Shares of the mean and the maximum that depend on the features of the channel themselves.

    The share of the mean of channel c is sigmoid(w_c . x_c + b_c) over all places of x_c: the gated
    pooling of Lee et al. 2016, arXiv:1509.08985, section 3.2. It holds for features of one size.
    """

    def __init__(self, channels: int, size_zyx: Size) -> None:
        super().__init__()
        places = size_zyx[0] * size_zyx[1] * size_zyx[2]
        bound = places**-0.5  # that of torch's linear layers
        self.weight = nn.Parameter(torch.empty(channels, places).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(channels).uniform_(-bound, bound))

    def forward(self, features: Tensor) -> Tensor:
        """Return (B, C) for features (B, C, Z, Y, X)."""
        scores = (features.flatten(2) * self.weight).sum(dim=2) + self.bias
        return _mixed(features, torch.sigmoid(scores))


class Adaptive3dAveragePooling(nn.Module):
    """The mean of each slice, then a learnt weighting of the slices, even to begin with.

    The weights of the slices are a softmax: they sum to 1. It holds for features of one size in Z.
    """

    def __init__(self, size_zyx: Size) -> None:
        super().__init__()
        self.slice_weights = nn.Parameter(torch.zeros(size_zyx[0]))

    def forward(self, features: Tensor) -> Tensor:
        """Return (B, C) for features (B, C, Z, Y, X)."""
        return features.mean(dim=(3, 4)) @ torch.softmax(self.slice_weights, dim=0)


def build_pooling(aggregation_type: AggregationType, *, channels: int, size: Size) -> nn.Module:
    """Return the pooling of features (B, C, Z, Y, X) to (B, C); `size` is (Z, Y, X) of the features.

    Only Gated and Adaptive3dAverage look at channels and size.
    """
    kinds: dict[AggregationType, Callable[[], nn.Module]] = {
        AggregationType.AVERAGE: AveragePooling,
        AggregationType.MAX: MaxPooling,
        AggregationType.MIX: MixPooling,
        AggregationType.GATED: partial(GatedPooling, channels, size),
        AggregationType.ADAPTIVE_3D_AVERAGE: partial(Adaptive3dAveragePooling, size),
    }
    return kinds[aggregation_type]()


def _mixed(features: Tensor, share: Tensor) -> Tensor:
    """Return share x mean + (1 - share) x maximum of features (B, C, Z, Y, X)."""
    mean, largest = features.mean(dim=(2, 3, 4)), features.amax(dim=(2, 3, 4))
    return share * mean + (1 - share) * largest
