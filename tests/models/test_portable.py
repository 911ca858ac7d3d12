"""Does the portable network compute what the network computes, and leave it alone?"""

import pytest
import torch
from torch import nn

from innereye.models.build import build_model
from innereye.models.portable import portable

LAYERS = ["BatchNorm", "InstanceNorm"]


def network_of(architecture, layer="BatchNorm"):
    network = build_model(
        architecture=architecture,
        input_channels=2,
        num_classes=3,
        feature_channels=[2] * 8,
        num_downsampling_paths=2,
        normalisation_layer=layer,
        deep_supervision=None,
        seed=1,
    )
    return drawn_statistics(network)


def drawn_statistics(network):
    """Batch statistics as a training leaves them, not the 0 and 1 of a new network."""
    generator = torch.Generator().manual_seed(2)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm3d):
            part.running_mean.uniform_(-0.1, 0.1, generator=generator)
            part.running_var.uniform_(0.5, 2, generator=generator)
    return network.eval()


def images_of(*size, batch=2):
    return torch.randn(batch, 2, *size, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("architecture", ["UNet3D", "UNet2D", "ResidualUNet3D", "Basic"])
def test_the_portable_network_gives_the_posteriors(architecture, layer):
    network = network_of(architecture, layer)
    images = images_of(32, 32, 36)
    assert torch.equal(portable(network)(images), network(images).softmax(dim=1))


def test_a_network_that_is_trained_gives_its_full_resolution_in_eval_mode():
    network = network_of("ResidualUNet3D").train()
    posteriors = portable(network)(images_of(4, 4, 8))
    assert posteriors.shape == (2, 3, 4, 4, 8)
    assert network.training


@pytest.mark.parametrize("layer", LAYERS)
def test_the_network_itself_stays(layer):
    network = network_of("UNet3D", layer)
    classes = [type(part) for part in network.modules()]
    portable(network)
    assert [type(part) for part in network.modules()] == classes
    with pytest.raises(ValueError, match="multiples of"):
        network(images_of(3, 4, 4))
