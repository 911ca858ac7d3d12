"""What does the network of a scalar model look like, and what does it see?"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from innereye.configs.fields.base import Fields
from innereye.configs.fields.network import NormalisationFields
from innereye.configs.readers import (
    Form,
    choice_of,
    choices,
    choices_or_none,
    optional_choice_of,
    read_nested,
)
from innereye.configs.values import (
    Bool,
    Count,
    OptionalCount,
    OptionalPath,
    PositiveReal,
    Probability,
)
from innereye.names import NormMethod
from innereye.scalar_names import AggregationType, ImagingFeatureType, ScalarArchitecture


def read_sizes(value: object) -> object:
    """Read one size, `1,3,3`, or one for each block, `[[5,5,5], [3,3,3]]`."""
    items = read_nested(value)
    is_single = isinstance(items, list | tuple) and not any(
        isinstance(item, list | tuple) for item in items
    )
    return [items] if is_single else items


Sizes = Annotated[
    list[tuple[Count, Count, Count]],
    BeforeValidator(read_sizes),
    Field(min_length=1),
    Form("one size z,y,x, such as 1,3,3, or one for each block, such as [[5,5,5], [3,3,3]]"),
]


class ScalarNormalisationFields(NormalisationFields):
    """How the grey values of an image are brought to a common range, once it has its size."""

    norm_method: Annotated[NormMethod, choice_of(NormMethod), choices(NormMethod)] = (
        NormMethod.UNCHANGED
    )
    """Photometric normalisation; 'None' leaves the values of the files, as in InnerEye."""


class ScalarNetworkFields(Fields):
    """Shape of the network of a scalar model."""

    architecture: Annotated[
        ScalarArchitecture | None,
        optional_choice_of(ScalarArchitecture),
        choices_or_none(ScalarArchitecture),
    ] = None
    """Kind of network; None means 'ResidualEncoder', or 'Mlp' where there are no images."""
    imaging_feature_type: Annotated[
        ImagingFeatureType, choice_of(ImagingFeatureType), choices(ImagingFeatureType)
    ] = ImagingFeatureType.IMAGE
    """What the encoder looks at; segmentations need load_segmentation."""
    encode_channels_jointly: Bool = False
    """Give 'ImageEncoderWithMlp' all channels at a time; the other encoders always take them so."""
    num_encoder_blocks: OptionalCount = None
    """Blocks of the encoder; None means 4 for 'ResidualEncoder', 5 for InnerEye's."""
    initial_feature_channels: OptionalCount = None
    """Feature maps of the first block; None means 16 for 'ResidualEncoder', 32 for InnerEye's."""
    kernel_size_per_encoding_block: Sizes = [(1, 3, 3)]
    """Kernels of InnerEye's encoders (z,y,x), one for all blocks or one for each."""
    stride_size_per_encoding_block: Sizes = [(1, 2, 2)]
    """Strides of InnerEye's encoders (z,y,x), one for all blocks or one for each."""
    zero_padding: Bool = False
    """Let the convolutions of InnerEye's encoders keep the size, with zeros around the image."""
    encoder_dimensionality_reduction_factor: PositiveReal = 0.8
    """Share of the last features of 'ImageEncoderWithMlp' that is kept where others join them."""
    aggregation_type: Annotated[
        AggregationType, choice_of(AggregationType), choices(AggregationType)
    ] = AggregationType.AVERAGE
    """How the features of all places become one number a channel."""
    mlp_dropout: Probability = 0.5
    """Share of the features that the layer before the last leaves out while it is trained."""
    freeze_encoder: Bool = False
    """Keep the weights of the encoder as they came, and train the rest."""


class PretrainedFields(Fields):
    """Where the weights of the encoder come from, if not from the training."""

    pretrained_encoder: OptionalPath = None
    """Checkpoint with the weights of the encoder, perhaps with others beside; None draws them."""
