"""What is wrong with the numbers of a scalar model's network, or with the size of an image?"""

from collections.abc import Iterable, Sequence

from innereye.architectures import Size
from innereye.scalar_architectures.encoder import encoder_shape, per_block
from innereye.scalar_architectures.shape import ScalarShape, Sizes
from innereye.scalar_names import AggregationType, ImagingFeatureType, ScalarArchitecture

WITH_SIZE = (AggregationType.GATED, AggregationType.ADAPTIVE_3D_AVERAGE)
WITH_BLOCKS = (ScalarArchitecture.IMAGE_ENCODER_WITH_MLP, ScalarArchitecture.PLAIN_ENCODER)
WITH_POOLING = (ScalarArchitecture.RESIDUAL_ENCODER, *WITH_BLOCKS)
LEAST_BLOCKS = {ScalarArchitecture.IMAGE_ENCODER_WITH_MLP: 2}


def scalar_shape_faults(shape: ScalarShape) -> list[str]:
    """Return what is wrong with the numbers of a network, one sentence each.

    The size of the images is looked at where it is known and the other numbers are right.
    """
    faults = [
        *_choice_fault("architecture", shape.architecture, ScalarArchitecture),
        *_choice_fault("aggregation_type", shape.aggregation_type, AggregationType),
        *_choice_fault("imaging_feature_type", shape.imaging_feature_type, ImagingFeatureType),
        *_count_faults(shape),
        *_share_faults(shape),
    ]
    if shape.architecture in list(ScalarArchitecture):
        faults += _block_faults(shape)
    return faults or _image_faults(shape)


def image_size_fault(shape: ScalarShape, size: Sequence[int]) -> str | None:
    """Say in a sentence why images (Z, Y, X) of this size do not suit a faultless shape, or None.

    A network whose pooling or last layer was made for one size takes no other.
    """
    name = shape.architecture
    if name == ScalarArchitecture.MLP:
        return None
    if name == ScalarArchitecture.RESNET50:
        return None if size[0] == 1 else f"{name} takes 2D images; got the size {_text(size)}."
    smallest = encoder_shape(shape).smallest_size()
    if any(length < least for length, least in zip(size, smallest, strict=True)):
        return (
            f"Images of size {_text(size)} are too small for the kernels and strides of {name}: "
            f"the smallest size (Z, Y, X) is {_text(smallest)}."
        )
    if _is_for_one_size(shape) and shape.image_size and tuple(size) != tuple(shape.image_size):
        return (
            f"The network was made for images of size {_text(shape.image_size)}; got {_text(size)}."
        )
    return None


def _is_for_one_size(shape: ScalarShape) -> bool:
    if shape.architecture == ScalarArchitecture.SINGLE_CONVOLUTION:
        return True
    return shape.architecture in WITH_POOLING and shape.aggregation_type in WITH_SIZE


def _image_faults(shape: ScalarShape) -> list[str]:
    if shape.architecture == ScalarArchitecture.MLP:
        return []
    if shape.image_size is None:
        if not _is_for_one_size(shape):
            return []
        what = (
            shape.architecture
            if shape.architecture == ScalarArchitecture.SINGLE_CONVOLUTION
            else f"aggregation_type {shape.aggregation_type}"
        )
        return [f"{what} needs image_size, the one size (Z, Y, X) of all images; got none."]
    fault = image_size_fault(shape, shape.image_size)
    return [fault] if fault else []


def _choice_fault(field: str, value: str, allowed: Iterable[str]) -> list[str]:
    known = [str(each) for each in allowed]
    return [] if value in known else [f"{field} must be one of {', '.join(known)}; got '{value}'."]


def _count_faults(shape: ScalarShape) -> list[str]:
    has_image = shape.architecture != ScalarArchitecture.MLP
    least = {
        "num_image_channels": 1 if has_image else 0,
        "num_targets": 1,
        "num_features": 0 if has_image else 1,
        "initial_feature_channels": 1,
    }
    return [
        f"{field} must be at least {smallest}; got {value}."
        for field, smallest in least.items()
        if (value := getattr(shape, field)) is not None and value < smallest
    ]


def _share_faults(shape: ScalarShape) -> list[str]:
    faults = []
    if not 0 <= shape.mlp_dropout < 1:
        faults.append(f"mlp_dropout must lie in [0, 1); got {shape.mlp_dropout}.")
    factor = shape.encoder_dimensionality_reduction_factor
    if not 0 < factor <= 1:
        faults.append(
            f"encoder_dimensionality_reduction_factor must lie above 0, up to 1; got {factor}."
        )
    if shape.image_size is not None and min(shape.image_size) < 1:
        faults.append(f"image_size needs three numbers above 0; got {_text(shape.image_size)}.")
    return faults


def _block_faults(shape: ScalarShape) -> list[str]:
    least = LEAST_BLOCKS.get(ScalarArchitecture(shape.architecture), 1)
    faults = []
    if shape.blocks < least:
        faults.append(
            f"num_encoder_blocks must be at least {least} for {shape.architecture}; "
            f"got {shape.blocks}."
        )
    if shape.architecture in WITH_BLOCKS:
        kernels = shape.kernel_size_per_encoding_block
        faults += _per_block_faults("kernel_size_per_encoding_block", kernels, shape.blocks)
        strides = shape.stride_size_per_encoding_block
        faults += _per_block_faults("stride_size_per_encoding_block", strides, shape.blocks)
        even = [each for size in per_block(kernels, shape.blocks) for each in size if each % 2 == 0]
        if shape.zero_padding and even:
            faults.append(
                f"kernel_size_per_encoding_block must be odd with zero_padding; got {even[0]}."
            )
    return faults


def _per_block_faults(field: str, sizes: Sizes, blocks: int) -> list[str]:
    rows = per_block(sizes, blocks)
    faults = []
    if len(rows) != blocks:
        faults.append(
            f"{field} needs one size (Z, Y, X) for all blocks, or {blocks}, one a block; "
            f"got {len(rows)}."
        )
    if any(each < 1 for row in rows for each in row):
        faults.append(f"{field} needs numbers of at least 1; got {'; '.join(map(_text, rows))}.")
    return faults


def _text(size: Size | Sequence[int]) -> str:
    return ",".join(map(str, size))
