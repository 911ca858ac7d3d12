"""Which numbers describe the network of a scalar model?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from innereye.architectures import Size
from innereye.scalar_names import AggregationType, ImagingFeatureType, ScalarArchitecture

MOST_CLASSES = 10  # of a segmentation that an encoder looks at, background included
MAPS = {
    ImagingFeatureType.IMAGE: 1,
    ImagingFeatureType.SEGMENTATION: MOST_CLASSES,
    ImagingFeatureType.IMAGE_AND_SEGMENTATION: 1 + MOST_CLASSES,
}
INITIAL_CHANNELS = {ScalarArchitecture.RESIDUAL_ENCODER: 16}
ENCODER_BLOCKS = {ScalarArchitecture.RESIDUAL_ENCODER: 4}
INNEREYE_CHANNELS, INNEREYE_BLOCKS = 32, 5
Sizes: TypeAlias = Size | Sequence[Size]


@dataclass(frozen=True)
class ScalarShape:
    """The numbers that the network of a scalar model is made from; each takes those that it knows.

    `num_features` counts the numbers that join the image: numerical columns and one-hot categories.
    None means what suits the architecture; `image_size` (Z, Y, X) may stay None where no part needs
    it. Kernels and strides (Z, Y, X) are one for all blocks or one a block. Defaults are InnerEye's
    but for the architecture.
    """

    architecture: str = ScalarArchitecture.RESIDUAL_ENCODER
    num_image_channels: int = 1
    num_targets: int = 1
    num_features: int = 0
    image_size: Size | None = None
    imaging_feature_type: str = ImagingFeatureType.IMAGE
    encode_channels_jointly: bool = False
    num_encoder_blocks: int | None = None
    initial_feature_channels: int | None = None
    kernel_size_per_encoding_block: Sizes = (1, 3, 3)
    stride_size_per_encoding_block: Sizes = (1, 2, 2)
    zero_padding: bool = False
    encoder_dimensionality_reduction_factor: float = 0.8
    aggregation_type: str = AggregationType.AVERAGE
    mlp_dropout: float = 0.5
    is_regression: bool = False
    freeze_encoder: bool = False

    @property
    def is_joint(self) -> bool:
        """Do all channels pass the encoder together? Only ImageEncoderWithMlp has them one by one."""
        separate = ScalarArchitecture.IMAGE_ENCODER_WITH_MLP
        return self.encode_channels_jointly or self.architecture != separate

    @property
    def input_channels(self) -> int:
        """How many channels the encoder is given at a time."""
        together = self.num_image_channels if self.is_joint else 1
        return MAPS[ImagingFeatureType(self.imaging_feature_type)] * together

    @property
    def blocks(self) -> int:
        """The number of blocks, derived where none is stated."""
        default = ENCODER_BLOCKS.get(ScalarArchitecture(self.architecture), INNEREYE_BLOCKS)
        return default if self.num_encoder_blocks is None else self.num_encoder_blocks

    @property
    def width(self) -> int:
        """The channels of the first block, derived where none are stated."""
        default = INITIAL_CHANNELS.get(ScalarArchitecture(self.architecture), INNEREYE_CHANNELS)
        return default if self.initial_feature_channels is None else self.initial_feature_channels
