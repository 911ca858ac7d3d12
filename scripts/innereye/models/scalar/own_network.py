"""Which network does a scalar model have: one of its own, or the one that numbers describe?"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from innereye.errors import ConfigError
from innereye.models.scalar.build import build_scalar_model
from innereye.scalar_architectures.shape import ScalarShape


def network_of(
    create_model: Callable[[], Any], shape: ScalarShape, *, is_own: bool, seed: int
) -> nn.Module:
    """Return the network that a model's hook creates where `is_own`, else that of the shape.

    Its weights are drawn from `seed`; torch's global generators stay.

    Raises:
        ConfigError: the hook gives something else, or the shape has faults.
    """
    if not is_own:
        return build_scalar_model(shape, seed=seed)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        network = create_model()
    if not isinstance(network, nn.Module):
        raise ConfigError(
            f"create_model returned a {type(network).__name__}; needed is a torch module that maps images, "
            "features and segmentations to outputs (B, T)."
        )
    return network
