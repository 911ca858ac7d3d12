"""Which network is the 3D U-Net? Residual blocks, and skips that are added, not concatenated."""

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

from innereye.names import NormalisationLayer

# Each level halves every axis; kernels of twice that factor overlap evenly on the way up.
DOWNSAMPLING_FACTOR = 2
UPSAMPLING_KERNEL = 2 * DOWNSAMPLING_FACTOR
BATCH_NORM_WEIGHT_STD = 0.01


class UNet3D(nn.Module):
    """A 3D U-Net that returns logits (B, K, Z, Y, X) of the size of its input (B, C, Z, Y, X).

    The names of the parts are those of InnerEye's network, so that its checkpoints fit. Weights
    come from torch's global generator: see `build_model` for seeded ones.

    Args:
        feature_channels: channels of the first level; each deeper level has twice as many.
        num_downsampling_paths: levels below the first; sizes are multiples of 2 to this power.
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
    ) -> None:
        super().__init__()
        self.num_downsampling_paths = num_downsampling_paths
        multiple = DOWNSAMPLING_FACTOR**num_downsampling_paths
        self.size_multiple: tuple[int, int, int] = (multiple, multiple, multiple)
        channels = [feature_channels * 2**level for level in range(num_downsampling_paths + 1)]
        layers: list[nn.Module] = [
            _EncodeBlock(input_channels, channels[0], kernel_size, 1, normalisation_layer)
        ]
        for upper, lower in pairwise(channels):
            layers.append(
                _EncodeBlock(upper, lower, kernel_size, DOWNSAMPLING_FACTOR, normalisation_layer)
            )
        for upper, lower in reversed(list(pairwise(channels))):
            layers.append(_UpBlock(lower, upper, normalisation_layer))
            layers.append(_SynthesisBlock(upper, kernel_size, normalisation_layer))
        self._layers = nn.ModuleList(layers)
        self.output_layer = nn.Conv3d(channels[0], num_classes, kernel_size=1)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits; raises ValueError where an axis is no multiple of `size_multiple`."""
        size_zyx = tuple(images.shape[2:])
        if any(
            size % multiple for size, multiple in zip(size_zyx, self.size_multiple, strict=True)
        ):
            raise ValueError(
                f"The input of a UNet3D with {self.num_downsampling_paths} downsampling paths has "
                f"size {size_zyx}; every axis must be a multiple of {self.size_multiple[0]}."
            )
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
        self, inputs: int, outputs: int, kernel_size: int, stride: int, layer: NormalisationLayer
    ) -> None:
        super().__init__()
        self.conv1 = _conv(inputs, outputs, kernel_size, stride)
        self.bn1 = _drawn_norm(outputs, layer)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        return self.activation(self.bn1(self.conv1(features)))


class _EncodeBlock(nn.Module):
    """Two convolutions, the first perhaps with stride, and a residual path around the second."""

    def __init__(
        self, inputs: int, outputs: int, kernel_size: int, stride: int, layer: NormalisationLayer
    ) -> None:
        super().__init__()
        self.block1 = _ConvNormRelu(inputs, outputs, kernel_size, stride, layer)
        self.block2 = _ConvNormRelu(outputs, outputs, kernel_size, 1, layer)

    def forward(self, features: Tensor) -> Tensor:
        features = self.block1(features)
        return self.block2(features) + features


class _UpBlock(nn.Module):
    """Transposed convolution that doubles every axis, initialised as torch does by itself."""

    def __init__(self, inputs: int, outputs: int, layer: NormalisationLayer) -> None:
        super().__init__()
        self.upsample_block = nn.Sequential(
            nn.ConvTranspose3d(
                inputs,
                outputs,
                kernel_size=UPSAMPLING_KERNEL,
                stride=DOWNSAMPLING_FACTOR,
                padding=(UPSAMPLING_KERNEL - DOWNSAMPLING_FACTOR) // 2,
            ),
            _norm(outputs, layer),
            nn.ReLU(inplace=True),
        )

    def forward(self, features: Tensor) -> Tensor:
        return self.upsample_block(features)


class _BareConv(nn.Module):
    """One convolution under the name that it has in InnerEye's checkpoints."""

    def __init__(self, channels: int, kernel_size: int) -> None:
        super().__init__()
        self.conv1 = _conv(channels, channels, kernel_size, 1)

    def forward(self, features: Tensor) -> Tensor:
        return self.conv1(features)


class _SynthesisBlock(nn.Module):
    """Joins upsampled features with those of the encoder by summing a convolution of each."""

    def __init__(self, channels: int, kernel_size: int, layer: NormalisationLayer) -> None:
        super().__init__()
        self.conv1 = _BareConv(channels, kernel_size)
        self.conv2 = _BareConv(channels, kernel_size)
        self.activation_block = nn.Sequential(_drawn_norm(channels, layer), nn.ReLU(inplace=True))
        self.block2 = _ConvNormRelu(channels, channels, kernel_size, 1, layer)

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        # No backward step needs the output of a convolution, so the sum may overwrite one of them.
        features = self.activation_block(self.conv1(features).add_(self.conv2(skip)))
        return self.block2(features) + features


class _InstanceNorm(nn.InstanceNorm3d):
    """Instance normalisation that takes the quickest way to the same values on each device."""

    def forward(self, input: Tensor) -> Tensor:
        is_one_voxel = input.shape[2:].numel() == 1
        if is_one_voxel and self.training:
            raise ValueError(
                "InstanceNorm would wipe out a level of one voxel; the network needs a larger input."
            )
        if input.device.type != "cpu" and not is_one_voxel:
            # Autocast on a GPU would have group_norm return float32, and take twice the memory.
            return super().forward(input)
        # One group per channel. A training step on a CPU takes a tenth less time this way.
        return functional.group_norm(input, self.num_features, self.weight, self.bias, self.eps)


def _conv(inputs: int, outputs: int, kernel_size: int, stride: int) -> nn.Conv3d:
    """Return a bias-free, Kaiming-initialised convolution that keeps the size up to the stride."""
    conv = nn.Conv3d(
        inputs, outputs, kernel_size, stride=stride, padding=(kernel_size - 1) // 2, bias=False
    )
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return conv


def _norm(channels: int, layer: NormalisationLayer) -> nn.Module:
    if layer is NormalisationLayer.BATCH:
        return nn.BatchNorm3d(channels)
    return _InstanceNorm(channels, affine=True)


def _drawn_norm(channels: int, layer: NormalisationLayer) -> nn.Module:
    """Return a normalisation whose weights are drawn around 1."""
    norm = _norm(channels, layer)
    nn.init.normal_(norm.get_parameter("weight"), mean=1.0, std=BATCH_NORM_WEIGHT_STD)
    return norm
