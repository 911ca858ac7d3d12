"""Which network is InnerEye's 'Basic'? Convolutions without padding, some dilated, as in DeepMedic.

After Kamnitsas et al. 2017, doi:10.1016/j.media.2016.10.004, with one path of one resolution.
"""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from innereye.architectures import BASIC_DILATIONS, Size, sizes_of
from innereye.models.layers import check_input, norm
from innereye.names import Architecture, NormalisationLayer

CONV_WEIGHT_STD = 0.01
PLAIN_LAYERS = 2  # two layers in a row; the others are residual blocks of two layers each


class Basic(nn.Module):
    """A network whose logits (B, K, ...) are smaller than its input (B, C, Z, Y, X).

    With kernels of 3 each axis loses 28 voxels, 14 at each side. Weights come from torch's global
    generator: see `build_model` for seeded ones.

    Args:
        feature_channels: channels of each of the eight convolutions.
    """

    def __init__(
        self,
        *,
        input_channels: int,
        num_classes: int,
        feature_channels: Sequence[int],
        kernel_size: int = 3,
        normalisation_layer: NormalisationLayer = NormalisationLayer.BATCH,
    ) -> None:
        super().__init__()
        self.sizes = sizes_of(Architecture.BASIC, kernel_size=kernel_size, num_downsampling_paths=0)
        steps = list(pairwise([input_channels, *feature_channels]))
        convs = [
            _ConvNorm(inputs, outputs, kernel_size, dilation, normalisation_layer)
            for (inputs, outputs), dilation in zip(steps, BASIC_DILATIONS, strict=True)
        ]
        layers: list[nn.Module] = []
        for plain in convs[:PLAIN_LAYERS]:
            layers += [plain, nn.ReLU(inplace=True)]
        for first, second in zip(convs[PLAIN_LAYERS::2], convs[PLAIN_LAYERS + 1 :: 2], strict=True):
            layers.append(_ResidualBlock(first, second, normalisation_layer))
        self._layers = nn.Sequential(*layers)
        self.output_layer = nn.Conv3d(feature_channels[-1], num_classes, kernel_size=1)
        for part in self.modules():
            if isinstance(part, nn.Conv3d):
                nn.init.normal_(part.weight, std=CONV_WEIGHT_STD)

    @property
    def size_multiple(self) -> Size:
        """What every size (Z, Y, X) that the network takes is a multiple of."""
        return self.sizes.multiple

    def forward(self, images: Tensor) -> Tensor:
        """Return logits; raises ValueError where nothing of an axis would be left."""
        check_input(images, self)
        return self.output_layer(self._layers(images))


class _ConvNorm(nn.Module):
    """Convolution without padding, and normalisation."""

    def __init__(
        self, inputs: int, outputs: int, kernel_size: int, dilation: int, layer: NormalisationLayer
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv3d(inputs, outputs, kernel_size, dilation=dilation)
        self.bn1 = norm(outputs, layer)

    def forward(self, features: Tensor) -> Tensor:
        return self.bn1(self.conv1(features))


class _ResidualBlock(nn.Module):
    """Two convolutions beside the middle of their input."""

    def __init__(self, first: _ConvNorm, second: _ConvNorm, layer: NormalisationLayer) -> None:
        super().__init__()
        self.first, self.second = first, second
        inputs, outputs = first.conv1.in_channels, second.conv1.out_channels
        is_same = inputs == outputs
        self.shortcut = nn.Identity() if is_same else _ConvNorm(inputs, outputs, 1, 1, layer)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        inner = self.second(self.activation(self.first(features)))
        return self.activation(inner + self.shortcut(_middle(features, inner.shape[2:])))


def _middle(features: Tensor, size: Sequence[int]) -> Tensor:
    """Cut the middle of a size (Z, Y, X) from features (B, C, ...)."""
    for axis, length in enumerate(size, start=2):
        features = features.narrow(axis, (features.shape[axis] - length) // 2, length)
    return features
