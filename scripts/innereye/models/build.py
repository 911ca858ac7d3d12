"""Which network do these numbers describe?"""

import torch
from torch import nn

from innereye.errors import ConfigError, list_faults
from innereye.models.unet3d import UNet3D
from innereye.names import Architecture, NormalisationLayer


def build_model(
    *,
    architecture: str,
    input_channels: int,
    num_classes: int,
    feature_channels: list[int],
    kernel_size: int,
    num_downsampling_paths: int,
    normalisation_layer: str,
    seed: int,
) -> nn.Module:
    """Return the network with weights drawn from `seed`: same seed, same weights.

    The module maps images (B, C, Z, Y, X) to logits (B, K, Z, Y, X); every axis must be a multiple of
    its attribute `size_multiple`. Torch's global generators stay. Raises ConfigError with all faults.
    """
    faults = [
        *_choice_faults("architecture", architecture, [each.value for each in Architecture]),
        *_choice_faults(
            "normalisation_layer", normalisation_layer, [each.value for each in NormalisationLayer]
        ),
        *_count_faults("input_channels", input_channels),
        *_count_faults("num_classes", num_classes),
        *_count_faults("num_downsampling_paths", num_downsampling_paths),
        *_kernel_faults(kernel_size),
        *_feature_faults(feature_channels),
    ]
    if faults:
        raise ConfigError(list_faults("The network cannot be built:", faults))
    # The CPU's generator draws all weights; torch.manual_seed would also seed those of the GPUs.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return UNet3D(
            input_channels=input_channels,
            num_classes=num_classes,
            feature_channels=feature_channels[0],
            kernel_size=kernel_size,
            num_downsampling_paths=num_downsampling_paths,
            normalisation_layer=NormalisationLayer(normalisation_layer),
        )


def _choice_faults(field: str, value: str, allowed: list[str]) -> list[str]:
    if value in allowed:
        return []
    return [f"{field} must be one of {', '.join(allowed)}; got '{value}'."]


def _count_faults(field: str, value: int) -> list[str]:
    return [] if value >= 1 else [f"{field} must be at least 1; got {value}."]


def _kernel_faults(kernel_size: int) -> list[str]:
    if kernel_size >= 1 and kernel_size % 2 == 1:
        return []
    return [f"kernel_size must be odd and at least 1; got {kernel_size}."]


def _feature_faults(feature_channels: list[int]) -> list[str]:
    if feature_channels and min(feature_channels) >= 1:
        return []
    return [f"feature_channels needs whole numbers of at least 1; got {feature_channels}."]
