"""Which encoder do we recommend? A small residual one that is trained from nothing on few scans."""

import torch
from torch import Tensor, nn

from innereye.architectures import Size
from innereye.models.layers import conv
from innereye.models.scalar.batch_norm import BatchNorm
from innereye.scalar_architectures.encoder import Block, EncoderShape


class ResidualEncoder(nn.Module):
    """A stem and levels of one residual block each, from maps (N, M, Z, Y, X) to features (N, C, ...).

    BatchNorm, not a normalisation by sample: the mean of a channel over an image is what says how
    much of something there is, and a normalisation by sample would remove it before the pooling.
    """

    def __init__(self, shape: EncoderShape, *, input_channels: int) -> None:
        super().__init__()
        stem, *levels = shape.blocks
        self.stem = _conv_norm(input_channels, stem.channels, stem.kernel, stem.stride)
        blocks: list[nn.Module] = []
        inputs = stem.channels
        for level in levels:
            blocks.append(_ResidualBlock(inputs, level))
            inputs = level.channels
        self.activation = nn.ReLU(inplace=True)
        self.levels = nn.Sequential(*blocks)

    def forward(self, maps: Tensor) -> Tensor:
        """Return the features."""
        return self.levels(self.activation(self.stem(maps)))


class _ResidualBlock(nn.Module):
    """Two convolutions beside a shortcut that halves by averaging; begins as the shortcut alone."""

    def __init__(self, inputs: int, block: Block) -> None:
        super().__init__()
        outputs = block.channels
        self.first = _conv_norm(inputs, outputs, block.kernel, block.stride)
        self.second = _conv_norm(outputs, outputs, block.kernel, (1, 1, 1))
        nn.init.zeros_(self.second[1].get_parameter("weight"))
        shortcut: list[nn.Module] = []
        if max(block.stride) > 1:
            shortcut.append(_Halving(block.stride))
        if inputs != outputs:
            shortcut.append(_conv_norm(inputs, outputs, (1, 1, 1), (1, 1, 1)))
        self.shortcut = nn.Sequential(*shortcut)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        inner = self.second(self.activation(self.first(features)))
        return self.activation(inner + self.shortcut(features))


class _Halving(nn.Module):
    """The mean of two neighbours along each axis of stride 2; the last place of an odd axis alone.

    It is average pooling with `ceil_mode`, whose gradient on a GPU adds up in any order.
    """

    def __init__(self, stride: Size) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, features: Tensor) -> Tensor:
        for axis, step in enumerate(self.stride, start=2):
            length = features.shape[axis]
            if step == 1 or length == 1:
                continue
            if length % 2:
                last = features.narrow(axis, length - 1, 1)
                features = torch.cat([features, last], dim=axis)
            features = features.unflatten(axis, (-1, 2)).mean(dim=axis + 1)
        return features


def _conv_norm(inputs: int, outputs: int, kernel: Size, stride: Size) -> nn.Sequential:
    layer = conv(inputs, outputs, kernel, stride_zyx=stride)
    return nn.Sequential(layer, BatchNorm(outputs))
