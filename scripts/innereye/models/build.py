"""Which network do these numbers describe?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from innereye.architectures import is_supervised_deeply, shape_faults
from innereye.errors import ConfigError, list_faults
from innereye.models.basic import Basic
from innereye.models.pass_through import PassThrough
from innereye.models.residual_unet3d import ResidualUNet3D
from innereye.models.unet3d import UNet3D
from innereye.names import Architecture, NormalisationLayer


@dataclass(frozen=True)
class Shape:
    """The numbers that a network is made from; each network takes those that it knows."""

    input_channels: int
    num_classes: int
    feature_channels: Sequence[int]
    kernel_size: int
    num_downsampling_paths: int
    normalisation_layer: str
    num_residual_blocks: Sequence[int]
    deep_supervision: bool

    @property
    def layer(self) -> NormalisationLayer:
        """The normalisation, which is known to be one."""
        return NormalisationLayer(self.normalisation_layer)


def build_model(
    *,
    architecture: str,
    input_channels: int,
    num_classes: int,
    feature_channels: Sequence[int],
    kernel_size: int = 3,
    num_downsampling_paths: int = 4,
    normalisation_layer: str = NormalisationLayer.BATCH,
    num_residual_blocks: Sequence[int] = (1, 2),
    deep_supervision: bool | None = False,
    seed: int,
) -> nn.Module:
    """Return the network with weights drawn from `seed`: same seed, same weights.

    The module maps images (B, C, Z, Y, X) to logits (B, K, ...); its attribute `sizes` says which
    sizes it takes and what comes out. With deep supervision it gives a tuple of logits while it is
    trained; None means where the architecture has it. Torch's global generators stay. Raises
    ConfigError with all faults.
    """
    shape = Shape(
        input_channels=input_channels,
        num_classes=num_classes,
        feature_channels=feature_channels,
        kernel_size=kernel_size,
        num_downsampling_paths=num_downsampling_paths,
        normalisation_layer=normalisation_layer,
        num_residual_blocks=num_residual_blocks,
        deep_supervision=is_supervised_deeply(architecture, deep_supervision),
    )
    if faults := _faults(architecture, shape):
        raise ConfigError(list_faults("The network cannot be built:", faults))
    # The CPU's generator draws all weights; torch.manual_seed would also seed those of the GPUs.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return BUILDERS[Architecture(architecture)](shape)


def _basic(shape: Shape) -> nn.Module:
    return Basic(
        input_channels=shape.input_channels,
        num_classes=shape.num_classes,
        feature_channels=shape.feature_channels,
        kernel_size=shape.kernel_size,
        normalisation_layer=shape.layer,
    )


def _unet3d(shape: Shape, *, is_2d: bool = False) -> nn.Module:
    return UNet3D(
        input_channels=shape.input_channels,
        num_classes=shape.num_classes,
        feature_channels=shape.feature_channels[0],
        kernel_size=shape.kernel_size,
        num_downsampling_paths=shape.num_downsampling_paths,
        normalisation_layer=shape.layer,
        is_2d=is_2d,
    )


def _unet2d(shape: Shape) -> nn.Module:
    return _unet3d(shape, is_2d=True)


def _residual_unet3d(shape: Shape) -> nn.Module:
    return ResidualUNet3D(
        input_channels=shape.input_channels,
        num_classes=shape.num_classes,
        feature_channels=shape.feature_channels[0],
        kernel_size=shape.kernel_size,
        num_downsampling_paths=shape.num_downsampling_paths,
        normalisation_layer=shape.layer,
        num_residual_blocks=shape.num_residual_blocks,
        deep_supervision=shape.deep_supervision,
    )


def _pass_through(shape: Shape) -> nn.Module:
    return PassThrough(input_channels=shape.input_channels, num_classes=shape.num_classes)


BUILDERS: dict[Architecture, Callable[[Shape], nn.Module]] = {
    Architecture.BASIC: _basic,
    Architecture.UNET3D: _unet3d,
    Architecture.UNET2D: _unet2d,
    Architecture.RESIDUAL_UNET3D: _residual_unet3d,
    Architecture.PASS_THROUGH: _pass_through,
}


def _faults(architecture: str, shape: Shape) -> list[str]:
    known = [each.value for each in Architecture]
    layers = [each.value for each in NormalisationLayer]
    # The shape is looked at in any case, so that all faults are told at once.
    stated = Architecture(architecture) if architecture in known else Architecture.UNET3D
    return [
        *_choice_faults("architecture", architecture, known),
        *_choice_faults("normalisation_layer", shape.normalisation_layer, layers),
        *_count_faults("input_channels", shape.input_channels),
        *_count_faults("num_classes", shape.num_classes),
        *_count_faults("num_downsampling_paths", shape.num_downsampling_paths),
        *shape_faults(
            stated,
            feature_channels=shape.feature_channels,
            kernel_size=shape.kernel_size,
            num_residual_blocks=shape.num_residual_blocks,
            deep_supervision=shape.deep_supervision,
        ),
    ]


def _choice_faults(field: str, value: str, allowed: list[str]) -> list[str]:
    if value in allowed:
        return []
    return [f"{field} must be one of {', '.join(allowed)}; got '{value}'."]


def _count_faults(field: str, value: int) -> list[str]:
    return [] if value >= 1 else [f"{field} must be at least 1; got {value}."]
