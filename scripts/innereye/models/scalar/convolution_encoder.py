"""Which encoders are InnerEye's? Convolutions in a row, each with BatchNorm and ReLU."""

from torch import Tensor, nn

from innereye.architectures import Size
from innereye.models.layers import DRAWN_NORM_STD, Conv3d, same_padding
from innereye.models.scalar.batch_norm import BatchNorm
from innereye.scalar_architectures.encoder import EncoderShape


class ConvolutionEncoder(nn.Module):
    """An encoder from maps (N, M, Z, Y, X) to features (N, C, ...).

    InnerEye's ImageEncoder is one with two convolutions a block, the network of its glaucoma model
    one with a single one.

    Args:
        is_reduced: the last block has no ReLU, as before features that join the image's.
    """

    def __init__(self, shape: EncoderShape, *, input_channels: int, is_reduced: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = input_channels
        for block in shape.blocks:
            for number in range(block.convolutions):
                stride = block.stride if number == 0 else (1, 1, 1)
                layers += _convolution(
                    inputs, block.channels, block.kernel, stride, is_padded=shape.is_padded
                )
                layers.append(nn.ReLU(inplace=True))
                inputs = block.channels
        self.layers = nn.Sequential(*(layers[:-1] if is_reduced else layers))

    def forward(self, maps: Tensor) -> Tensor:
        """Return the features."""
        return self.layers(maps)


def _convolution(
    inputs: int,
    outputs: int,
    kernel: Size,
    stride: Size,
    *,
    is_padded: bool,
) -> list[nn.Module]:
    padding = same_padding(kernel, (1, 1, 1)) if is_padded else (0, 0, 0)
    layer = Conv3d(inputs, outputs, kernel, stride=stride, padding=padding, bias=False)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    norm = BatchNorm(outputs)
    nn.init.normal_(norm.weight, mean=1.0, std=DRAWN_NORM_STD)
    return [layer, norm]
