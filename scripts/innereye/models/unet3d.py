"""Which network is InnerEye's U-Net? Residual blocks, and skips that are added, not concatenated."""

from itertools import pairwise

from torch import Tensor, nn

from innereye.architectures import HALVED_AXES, Size, sizes_of
from innereye.models.layers import check_input, conv, drawn_norm, norm
from innereye.names import Architecture, NormalisationLayer

UNET2D_KERNEL: Size = (1, 3, 3)
UNET2D_DILATION: Size = (1, 2, 2)


class UNet3D(nn.Module):
    """A U-Net that returns logits (B, K, Z, Y, X) of the size of its input (B, C, Z, Y, X).

    The names of the parts are those of InnerEye's network, so that its checkpoints fit. Weights
    come from torch's global generator: see `build_model` for seeded ones.

    Args:
        feature_channels: channels of the first level; each deeper level has twice as many.
        num_downsampling_paths: levels below the first; sizes are multiples of 2 to this power.
        is_2d: look at each slice by itself, with kernels of (1, 3, 3) instead of `kernel_size` and
            a second convolution of dilation 2 in each level below the first: InnerEye's 'UNet2D'.
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
        is_2d: bool = False,
    ) -> None:
        super().__init__()
        architecture = Architecture.UNET2D if is_2d else Architecture.UNET3D
        self.num_downsampling_paths = num_downsampling_paths
        self.sizes = sizes_of(
            architecture, kernel_size=kernel_size, num_downsampling_paths=num_downsampling_paths
        )
        factor, layer = HALVED_AXES[architecture], normalisation_layer
        kernel: Size = UNET2D_KERNEL if is_2d else (kernel_size, kernel_size, kernel_size)
        dilation: Size = UNET2D_DILATION if is_2d else (1, 1, 1)
        channels = [feature_channels * 2**level for level in range(num_downsampling_paths + 1)]
        layers: list[nn.Module] = [_EncodeBlock(input_channels, channels[0], kernel, layer)]
        for upper, lower in pairwise(channels):
            layers.append(
                _EncodeBlock(upper, lower, kernel, layer, stride=factor, dilation=dilation)
            )
        for upper, lower in reversed(list(pairwise(channels))):
            layers.append(_UpBlock(lower, upper, factor, layer))
            layers.append(_SynthesisBlock(upper, kernel, layer))
        self._layers = nn.ModuleList(layers)
        self.output_layer = nn.Conv3d(channels[0], num_classes, kernel_size=1)

    @property
    def size_multiple(self) -> Size:
        """What every size (Z, Y, X) that the network takes is a multiple of."""
        return self.sizes.multiple

    def forward(self, images: Tensor) -> Tensor:
        """Return logits; raises ValueError where an axis is no multiple of `size_multiple`."""
        check_input(images, self)
        depth = self.num_downsampling_paths
        features = images
        skips: list[Tensor] = []
        for encode in self._layers[: depth + 1]:
            features = encode(features)
            skips.append(features)
        skips.pop()
        decoder = self._layers[depth + 1 :]
        for up, synthesis in zip(decoder[::2], decoder[1::2], strict=True):
            features = synthesis(up(features), skips.pop())
        return self.output_layer(features)


class _ConvNormRelu(nn.Module):
    """Convolution without bias, normalisation, ReLU."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: Size,
        layer: NormalisationLayer,
        *,
        stride: Size = (1, 1, 1),
        dilation: Size = (1, 1, 1),
    ) -> None:
        super().__init__()
        self.conv1 = conv(inputs, outputs, kernel, stride_zyx=stride, dilation_zyx=dilation)
        self.bn1 = drawn_norm(outputs, layer)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        return self.activation(self.bn1(self.conv1(features)))


class _EncodeBlock(nn.Module):
    """Two convolutions, the first perhaps with stride, and a residual path around the second."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: Size,
        layer: NormalisationLayer,
        *,
        stride: Size = (1, 1, 1),
        dilation: Size = (1, 1, 1),
    ) -> None:
        super().__init__()
        self.block1 = _ConvNormRelu(inputs, outputs, kernel, layer, stride=stride)
        self.block2 = _ConvNormRelu(outputs, outputs, kernel, layer, dilation=dilation)

    def forward(self, features: Tensor) -> Tensor:
        features = self.block1(features)
        return self.block2(features) + features


class _UpBlock(nn.Module):
    """Transposed convolution that undoes the halving, initialised as torch does by itself."""

    def __init__(self, inputs: int, outputs: int, factor: Size, layer: NormalisationLayer) -> None:
        super().__init__()
        z, y, x = (upsampling_kernel(each) for each in factor)
        self.upsample_block = nn.Sequential(
            nn.ConvTranspose3d(
                inputs,
                outputs,
                kernel_size=(z, y, x),
                stride=factor,
                padding=((z - factor[0]) // 2, (y - factor[1]) // 2, (x - factor[2]) // 2),
            ),
            norm(outputs, layer),
            nn.ReLU(inplace=True),
        )

    def forward(self, features: Tensor) -> Tensor:
        return self.upsample_block(features)


class _BareConv(nn.Module):
    """One convolution under the name that it has in InnerEye's checkpoints."""

    def __init__(self, channels: int, kernel: Size) -> None:
        super().__init__()
        self.conv1 = conv(channels, channels, kernel)

    def forward(self, features: Tensor) -> Tensor:
        return self.conv1(features)


class _SynthesisBlock(nn.Module):
    """Joins upsampled features with those of the encoder by summing a convolution of each."""

    def __init__(self, channels: int, kernel: Size, layer: NormalisationLayer) -> None:
        super().__init__()
        self.conv1 = _BareConv(channels, kernel)
        self.conv2 = _BareConv(channels, kernel)
        self.activation_block = nn.Sequential(drawn_norm(channels, layer), nn.ReLU(inplace=True))
        self.block2 = _ConvNormRelu(channels, channels, kernel, layer)

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        # No backward step needs the output of a convolution, so the sum may overwrite one of them.
        features = self.activation_block(self.conv1(features).add_(self.conv2(skip)))
        return self.block2(features) + features


def upsampling_kernel(factor: int) -> int:
    """Return the kernel of a transposed convolution: twice the factor, so that they overlap evenly."""
    return 1 if factor == 1 else 2 * factor
