"""What are the networks made of? Convolutions and normalisations with their first weights."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from innereye.architectures import NetworkSizes
from innereye.names import NormalisationLayer

DRAWN_NORM_STD = 0.01


class Network(Protocol):
    """A network that says which sizes it takes, and what comes out."""

    sizes: NetworkSizes


class InstanceNorm(nn.InstanceNorm3d):
    """Instance normalisation that takes the quickest way to the same values on each device."""

    def forward(self, input: Tensor) -> Tensor:
        """Return features (B, C, Z, Y, X) with mean 0 and deviation 1 per sample and channel."""
        is_one_voxel = input.shape[2:].numel() == 1
        if is_one_voxel and self.training:
            raise ValueError(
                "InstanceNorm would wipe out a level of one voxel; the network needs a larger input."
            )
        if is_one_voxel:
            # All that is left of a single voxel without its mean; torch refuses it in a batch of one.
            return (input * 0) + self.bias.view(1, -1, 1, 1, 1) if self.affine else input * 0
        if input.device.type != "cpu":
            # Autocast on a GPU would have group_norm return float32, and take twice the memory.
            return super().forward(input)
        # One group per channel. A training step on a CPU takes a tenth less time this way.
        return functional.group_norm(input, self.num_features, self.weight, self.bias, self.eps)


class Conv3d(nn.Conv3d):
    """A convolution that is right on volumes that are thinner than its kernel, too."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the convolved features (B, C, Z, Y, X)."""
        is_thin = input.shape[2] < self.dilation[0] * (self.kernel_size[0] - 1) + 1
        if not (is_thin and input.device.type == "cpu" and torch.is_autocast_enabled("cpu")):
            return super().forward(input)
        # With bfloat16, oneDNN (torch 2.13) reads memory that nobody has written for the gradient
        # of a kernel that sticks out of the volume along Z. Thin levels are small: single is quick.
        with torch.autocast("cpu", enabled=False):
            return super().forward(input.float())


def conv(
    inputs: int,
    outputs: int,
    kernel_zyx: Sequence[int],
    *,
    stride_zyx: Sequence[int] = (1, 1, 1),
    dilation_zyx: Sequence[int] = (1, 1, 1),
) -> Conv3d:
    """Return a bias-free, Kaiming-initialised convolution that keeps the size up to the stride."""
    layer = Conv3d(
        inputs,
        outputs,
        _triple(kernel_zyx),
        stride=_triple(stride_zyx),
        dilation=_triple(dilation_zyx),
        padding=same_padding(kernel_zyx, dilation_zyx),
        bias=False,
    )
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return layer


def same_padding(kernel_zyx: Sequence[int], dilation_zyx: Sequence[int]) -> tuple[int, int, int]:
    """Return the padding with which a convolution of odd kernels and stride 1 keeps the size."""
    pairs = zip(kernel_zyx, dilation_zyx, strict=True)
    return _triple([dilation * (kernel - 1) // 2 for kernel, dilation in pairs])


def norm(channels: int, layer: NormalisationLayer) -> nn.Module:
    """Return a normalisation whose weights are 1 and biases 0."""
    if layer is NormalisationLayer.BATCH:
        return nn.BatchNorm3d(channels)
    return InstanceNorm(channels, affine=True)


def drawn_norm(channels: int, layer: NormalisationLayer) -> nn.Module:
    """Return a normalisation whose weights are drawn around 1."""
    drawn = norm(channels, layer)
    nn.init.normal_(drawn.get_parameter("weight"), mean=1.0, std=DRAWN_NORM_STD)
    return drawn


def _triple(numbers: Sequence[int]) -> tuple[int, int, int]:
    z, y, x = numbers
    return z, y, x


def check_input(images: Tensor, network: Network) -> None:
    """Check that images (B, C, Z, Y, X) suit the `sizes` of a network.

    Raises:
        ValueError: an axis is too short or no multiple of what the network needs.
    """
    size = tuple(images.shape[2:])
    if not network.sizes.takes(size):
        raise ValueError(
            f"The input of a {type(network).__name__} has size {size}; its numbers must be "
            f"{network.sizes.demand()}."
        )
