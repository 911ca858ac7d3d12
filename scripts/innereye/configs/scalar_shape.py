"""Which network do the fields of a scalar model describe?"""

from innereye.architectures import Size
from innereye.configs.fields.scalar_data import ScalarDataFields
from innereye.configs.fields.scalar_network import ScalarNetworkFields
from innereye.configs.fields.scalar_training import ScalarLossFields
from innereye.scalar_architectures.shape import ScalarShape, Sizes
from innereye.scalar_names import ScalarArchitecture


class NetworkOfItems(ScalarDataFields, ScalarNetworkFields, ScalarLossFields):
    """The fields, of a model or of a stage, that the network depends on."""


def default_architecture(number_of_images: int) -> ScalarArchitecture:
    """Return the network that stands for None: one without an encoder where there are no images."""
    return ScalarArchitecture.RESIDUAL_ENCODER if number_of_images else ScalarArchitecture.MLP


def scalar_shape(
    fields: NetworkOfItems,
    *,
    num_features: int,
    image_size: Size | None,
    num_image_channels: int | None = None,
) -> ScalarShape:
    """Return the numbers of the network; `image_size` (Z, Y, X) is None where it is not known yet.

    `num_image_channels` is what transforms leave of the images that the fields name, None for all.
    """
    images = fields.number_of_images
    return ScalarShape(
        architecture=fields.architecture or default_architecture(images),
        num_image_channels=images if num_image_channels is None else num_image_channels,
        num_targets=len(fields.class_names),
        num_features=num_features,
        image_size=image_size,
        imaging_feature_type=fields.imaging_feature_type,
        encode_channels_jointly=fields.encode_channels_jointly,
        num_encoder_blocks=fields.num_encoder_blocks,
        initial_feature_channels=fields.initial_feature_channels,
        kernel_size_per_encoding_block=_one_or_all(fields.kernel_size_per_encoding_block),
        stride_size_per_encoding_block=_one_or_all(fields.stride_size_per_encoding_block),
        zero_padding=fields.zero_padding,
        encoder_dimensionality_reduction_factor=fields.encoder_dimensionality_reduction_factor,
        aggregation_type=fields.aggregation_type,
        mlp_dropout=fields.mlp_dropout,
        is_regression=fields.is_regression,
        freeze_encoder=fields.freeze_encoder,
    )


def _one_or_all(sizes: list[Size]) -> Sizes:
    return sizes[0] if len(sizes) == 1 else sizes
