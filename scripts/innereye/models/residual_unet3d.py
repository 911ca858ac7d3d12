"""Which network do we recommend? A U-Net with a residual encoder, perhaps supervised at each level.

In the spirit of the residual encoder presets of nnU-Net (Isensee et al. 2024, arXiv:2404.09556):
most of the work in the encoder, a light decoder, skips that are concatenated.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from innereye.architectures import Size, sizes_of
from innereye.models.layers import check_input, conv, norm
from innereye.names import Architecture, NormalisationLayer

FACTOR = 2  # each level halves every axis
MOST_CHANNELS = 320  # deeper levels of nnU-Net's 3D networks have no more
SLOPE = 0.01


class ResidualUNet3D(nn.Module):
    """A 3D U-Net that returns logits (B, K, Z, Y, X) of the size of its input (B, C, Z, Y, X).

    With deep supervision it returns, while it is trained, a tuple of logits: those of the full
    resolution, then of half of it, of a quarter, and so on. Weights come from torch's global
    generator: see `build_model` for seeded ones.

    Args:
        feature_channels: channels of the first level; deeper ones have twice as many, up to 320.
        num_downsampling_paths: levels below the first; sizes are multiples of 2 to this power.
        num_residual_blocks: blocks of each level of the encoder; the last number repeats.
    """

    def __init__(
        self,
        *,
        input_channels: int,
        num_classes: int,
        feature_channels: int,
        kernel_size: int = 3,
        num_downsampling_paths: int = 4,
        normalisation_layer: NormalisationLayer = NormalisationLayer.BATCH,
        num_residual_blocks: Sequence[int] = (1, 2),
        deep_supervision: bool = False,
    ) -> None:
        super().__init__()
        self.sizes = sizes_of(
            Architecture.RESIDUAL_UNET3D,
            kernel_size=kernel_size,
            num_downsampling_paths=num_downsampling_paths,
        )
        levels = range(num_downsampling_paths + 1)
        channels = [min(feature_channels * FACTOR**level, MOST_CHANNELS) for level in levels]
        last = len(num_residual_blocks) - 1
        counts = [num_residual_blocks[min(level, last)] for level in levels]
        kernel: Size = (kernel_size, kernel_size, kernel_size)
        layer = normalisation_layer

        self.stem = _conv_norm_act(input_channels, channels[0], kernel, layer)
        self.encoder = nn.ModuleList(
            [_stage(channels[0], channels[0], counts[0], 1, kernel, layer)]
        )
        for (upper, lower), count in zip(pairwise(channels), counts[1:], strict=True):
            self.encoder.append(_stage(upper, lower, count, FACTOR, kernel, layer))
        self.upsampling, self.decoder = nn.ModuleList(), nn.ModuleList()
        for upper, lower in reversed(list(pairwise(channels))):
            self.upsampling.append(nn.ConvTranspose3d(lower, upper, FACTOR, stride=FACTOR))
            self.decoder.append(_conv_norm_act(2 * upper, upper, kernel, layer))
        coarse = channels[1:-1] if deep_supervision else []
        self.coarse_output_layers = nn.ModuleList(_head(each, num_classes) for each in coarse)
        self.output_layer = _head(channels[0], num_classes)

    @property
    def size_multiple(self) -> Size:
        """What every size (Z, Y, X) that the network takes is a multiple of."""
        return self.sizes.multiple

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Return logits; raises ValueError where an axis is no multiple of `size_multiple`."""
        check_input(images, self)
        features = self.stem(images)
        skips: list[Tensor] = []
        for stage in self.encoder:
            features = stage(features)
            skips.append(features)
        skips.pop()
        decoded: list[Tensor] = []  # from the finest level on
        for upsample, join in zip(self.upsampling, self.decoder, strict=True):
            features = join(torch.cat([upsample(features), skips.pop()], dim=1))
            decoded.insert(0, features)
        logits = self.output_layer(features)
        if not (self.training and len(self.coarse_output_layers)):
            return logits
        heads = zip(self.coarse_output_layers, decoded[1:], strict=True)
        return (logits, *(head(features) for head, features in heads))


class _ResidualBlock(nn.Module):
    """Two convolutions beside a shortcut that halves by averaging; begins as the shortcut alone."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        stride: int,
        kernel: Size,
        layer: NormalisationLayer,
    ) -> None:
        super().__init__()
        self.first = _conv_norm_act(inputs, outputs, kernel, layer, stride=stride)
        self.second = nn.Sequential(conv(outputs, outputs, kernel), norm(outputs, layer))
        # nnU-Net does the same: a deep network starts as a shallow one.
        nn.init.zeros_(self.second[1].get_parameter("weight"))
        shortcut: list[nn.Module] = [nn.AvgPool3d(stride)] if stride > 1 else []
        if inputs != outputs:
            shortcut += [conv(inputs, outputs, (1, 1, 1)), norm(outputs, layer)]
        self.shortcut = nn.Sequential(*shortcut)
        self.activation = nn.LeakyReLU(SLOPE, inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        return self.activation(self.second(self.first(features)) + self.shortcut(features))


def _stage(
    inputs: int,
    outputs: int,
    count: int,
    stride: int,
    kernel: Size,
    layer: NormalisationLayer,
) -> nn.Sequential:
    """Return the blocks of one level; the first of them brings its resolution and channels."""
    blocks = [_ResidualBlock(inputs, outputs, stride, kernel, layer)]
    blocks += [_ResidualBlock(outputs, outputs, 1, kernel, layer) for _ in range(count - 1)]
    return nn.Sequential(*blocks)


def _conv_norm_act(
    inputs: int,
    outputs: int,
    kernel: Size,
    layer: NormalisationLayer,
    *,
    stride: int = 1,
) -> nn.Sequential:
    return nn.Sequential(
        conv(inputs, outputs, kernel, stride_zyx=(stride,) * 3),
        norm(outputs, layer),
        nn.LeakyReLU(SLOPE, inplace=True),
    )


def _head(inputs: int, num_classes: int) -> nn.Conv3d:
    return nn.Conv3d(inputs, num_classes, kernel_size=1)
