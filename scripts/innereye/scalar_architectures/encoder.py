"""Which convolutions does an encoder have, which sizes does it take, and what is left of them?"""

from collections.abc import Sequence
from dataclasses import dataclass

from innereye.architectures import NetworkSizes, Size
from innereye.scalar_architectures.shape import ScalarShape, Sizes
from innereye.scalar_names import ScalarArchitecture

MOST_RESIDUAL_CHANNELS = 128
SHORTEST_HALVED = 8  # a shorter axis keeps its places: the last level then has at least four
REDUCTION: tuple[Size, Size] = ((1, 3, 3), (1, 2, 2))  # kernel and stride before features join
UNIT: Size = (1, 1, 1)


@dataclass(frozen=True)
class Block:
    """Convolutions in a row with one kernel; the first has the stride, and changes the channels."""

    channels: int
    kernel: Size
    stride: Size
    convolutions: int = 1


@dataclass(frozen=True)
class EncoderShape:
    """The blocks of an encoder; `is_padded`: the convolutions keep the size up to the stride."""

    blocks: tuple[Block, ...]
    is_padded: bool

    @property
    def channels(self) -> int:
        """Channels of the last block."""
        return self.blocks[-1].channels

    def output_size(self, size: Sequence[int]) -> Size:
        """Return the size (Z, Y, X) of the last features for an image of this size."""
        for kernel, stride in self._steps():
            size = [
                (length + self._padding(width) - width) // step + 1
                for length, width, step in zip(size, kernel, stride, strict=True)
            ]
        z, y, x = size
        return z, y, x

    def smallest_size(self) -> Size:
        """Return the smallest image (Z, Y, X) of which at least one place is left."""
        size: Sequence[int] = UNIT
        for kernel, stride in reversed(self._steps()):
            size = [
                max((length - 1) * step + width - self._padding(width), 1)
                for length, width, step in zip(size, kernel, stride, strict=True)
            ]
        z, y, x = size
        return z, y, x

    def sizes(self) -> NetworkSizes:
        """Return the sizes that the encoder takes."""
        return NetworkSizes(minimum=self.smallest_size())

    def _steps(self) -> list[tuple[Size, Size]]:
        return [
            (block.kernel, block.stride if number == 0 else UNIT)
            for block in self.blocks
            for number in range(block.convolutions)
        ]

    def _padding(self, kernel: int) -> int:
        return kernel - 1 if self.is_padded else 0


def encoder_shape(shape: ScalarShape) -> EncoderShape:
    """Return the blocks of the encoder that a faultless shape describes.

    The single convolution has no encoder blocks but one; ResNet50 and Mlp have none of this kind.
    """
    architecture = ScalarArchitecture(shape.architecture)
    if architecture is ScalarArchitecture.SINGLE_CONVOLUTION:
        return EncoderShape((Block(1, (3, 3, 3), UNIT),), is_padded=False)
    if architecture is ScalarArchitecture.RESIDUAL_ENCODER:
        return EncoderShape(_residual_blocks(shape), is_padded=True)
    kernels = per_block(shape.kernel_size_per_encoding_block, shape.blocks)
    strides = per_block(shape.stride_size_per_encoding_block, shape.blocks)
    pairs = list(zip(kernels, strides, strict=True))
    if architecture is ScalarArchitecture.PLAIN_ENCODER:
        blocks = [Block(shape.width, kernel, stride) for kernel, stride in pairs]
        return EncoderShape(tuple(blocks), shape.zero_padding)
    # InnerEye's numbers: blocks are one fewer than stated, and channels grow by the same number.
    blocks = [
        Block(shape.width * level, kernel, stride, convolutions=2)
        for level, (kernel, stride) in enumerate(pairs[:-1], start=1)
    ]
    if shape.num_features:
        reduced = int(blocks[-1].channels * shape.encoder_dimensionality_reduction_factor)
        blocks.append(Block(max(reduced, 1), *REDUCTION))
    return EncoderShape(tuple(blocks), shape.zero_padding)


def per_block(sizes: Sizes, number: int) -> list[Size]:
    """Return one size (Z, Y, X) a block from one for all of them, or as many as are stated."""
    rows = [each for each in sizes if not isinstance(each, int)]
    if not rows:
        z, y, x = (each for each in sizes if isinstance(each, int))
        return [(z, y, x)] * number
    return [(z, y, x) for z, y, x in rows]


def _residual_blocks(shape: ScalarShape) -> tuple[Block, ...]:
    """Return the stem and the levels; each but the first halves the axes that are long enough.

    The stem halves for the first level: full resolution costs most and gains little. Where the size
    is not known all axes are halved; any size can be given in either case, down to one voxel.
    """
    length = shape.image_size
    kernel: Size = (3, 3, 3)
    if length is not None:
        z, y, x = (1 if each == 1 else 3 for each in length)
        kernel = (z, y, x)
    most = max(MOST_RESIDUAL_CHANNELS, shape.width)
    blocks: list[Block] = []
    for number, level in enumerate([0, *range(shape.blocks)]):
        stride = UNIT if number == 1 else _halving(length)
        if length is not None:
            z, y, x = (-(-each // step) for each, step in zip(length, stride, strict=True))
            length = (z, y, x)
        channels = min(shape.width * 2**level, most)
        blocks.append(Block(channels, kernel, stride, convolutions=2 if number else 1))
    return tuple(blocks)


def _halving(length: Size | None) -> Size:
    if length is None:
        return (2, 2, 2)
    z, y, x = (2 if each >= SHORTEST_HALVED else 1 for each in length)
    return z, y, x
