"""Which network of a scalar model do these numbers describe?"""

from typing import assert_never

import torch
from torch import nn

from innereye.architectures import Size
from innereye.errors import ConfigError, list_faults
from innereye.models.scalar.convolution_encoder import ConvolutionEncoder
from innereye.models.scalar.image_network import ImageNetwork
from innereye.models.scalar.label_scale import LabelScale
from innereye.models.scalar.mlp import Mlp, NonImageMlp
from innereye.models.scalar.pooling import AveragePooling, build_pooling
from innereye.models.scalar.residual_encoder import ResidualEncoder
from innereye.models.scalar.resnet50 import RESNET50_CHANNELS, ResNet50
from innereye.scalar_architectures.encoder import EncoderShape, encoder_shape
from innereye.scalar_architectures.faults import scalar_shape_faults
from innereye.scalar_architectures.shape import ScalarShape
from innereye.scalar_names import AggregationType, ScalarArchitecture

WITH_MLP = (ScalarArchitecture.MLP, ScalarArchitecture.IMAGE_ENCODER_WITH_MLP)
ONE_PLACE: Size = (1, 1, 1)


def build_scalar_model(shape: ScalarShape, *, seed: int) -> nn.Module:
    """Return the network with weights drawn from `seed`: same seed, same weights.

    It is a `ScalarNetwork`: images (B, C, Z, Y, X), features (B, F) and segmentations, of which it
    needs those that the shape names, to outputs (B, T). Torch's global generators stay. Raises
    ConfigError with all faults.
    """
    if faults := scalar_shape_faults(shape):
        raise ConfigError(list_faults("The network cannot be built:", faults))
    # The CPU's generator draws all weights; torch.manual_seed would also seed those of the GPUs.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return _network(shape)


def _network(shape: ScalarShape) -> nn.Module:
    architecture = ScalarArchitecture(shape.architecture)
    match architecture:
        case ScalarArchitecture.MLP:
            return NonImageMlp(shape.num_features, head=_head(shape, shape.num_features))
        case ScalarArchitecture.RESNET50:
            encoder = ResNet50(shape.input_channels)
            return _image_network(shape, encoder, RESNET50_CHANNELS, AveragePooling())
        case ScalarArchitecture.SINGLE_CONVOLUTION:
            return _single_convolution(shape)
        case ScalarArchitecture.RESIDUAL_ENCODER:
            blocks = encoder_shape(shape)
            encoder = ResidualEncoder(blocks, input_channels=shape.input_channels)
            return _pooled(shape, blocks, encoder)
        case ScalarArchitecture.PLAIN_ENCODER | ScalarArchitecture.IMAGE_ENCODER_WITH_MLP:
            blocks = encoder_shape(shape)
            has_reduction = (
                architecture is ScalarArchitecture.IMAGE_ENCODER_WITH_MLP and shape.num_features > 0
            )
            encoder = ConvolutionEncoder(
                blocks, input_channels=shape.input_channels, is_reduced=has_reduction
            )
            return _pooled(shape, blocks, encoder)
    assert_never(architecture)


def _single_convolution(shape: ScalarShape) -> nn.Module:
    """One convolution to one channel, and a linear layer on all of its places."""
    blocks = encoder_shape(shape)
    z, y, x = blocks.output_size(shape.image_size or ONE_PLACE)
    encoder = nn.Conv3d(shape.input_channels, blocks.channels, blocks.blocks[0].kernel)
    return _image_network(shape, encoder, blocks.channels * z * y * x, nn.Flatten())


def _pooled(shape: ScalarShape, blocks: EncoderShape, encoder: nn.Module) -> nn.Module:
    # A pooling that looks at the size has been given one: the faults say so.
    size = blocks.output_size(shape.image_size) if shape.image_size else ONE_PLACE
    kind = AggregationType(shape.aggregation_type)
    pooling = build_pooling(kind, channels=blocks.channels, size=size)
    return _image_network(shape, encoder, blocks.channels, pooling)


def _image_network(
    shape: ScalarShape, encoder: nn.Module, channels: int, pooling: nn.Module
) -> nn.Module:
    inputs = channels * (1 if shape.is_joint else shape.num_image_channels) + shape.num_features
    return ImageNetwork(shape, encoder=encoder, pooling=pooling, head=_head(shape, inputs))


def _head(shape: ScalarShape, inputs: int) -> nn.Module:
    """InnerEye's MLP behind its own encoder, and behind ours where features join; else one layer."""
    is_ours = shape.architecture == ScalarArchitecture.RESIDUAL_ENCODER
    has_mlp = shape.architecture in WITH_MLP or (is_ours and shape.num_features > 0)
    head = (
        Mlp(inputs, shape.num_targets, shape.mlp_dropout)
        if has_mlp
        else nn.Linear(inputs, shape.num_targets)
    )
    return nn.Sequential(head, LabelScale(shape.num_targets)) if shape.is_regression else head
