"""Building a network: seeded, without a trace, and with all faults at once."""

import pytest
import torch
from torch import nn

from innereye.errors import ConfigError
from innereye.models.build import build_model
from innereye.names import Architecture


def build(**changes: object) -> nn.Module:
    fields: dict = {
        "architecture": "UNet3D",
        "input_channels": 1,
        "num_classes": 2,
        "feature_channels": [4],
        "kernel_size": 3,
        "num_downsampling_paths": 2,
        "normalisation_layer": "BatchNorm",
        "seed": 7,
    }
    return build_model(**{**fields, **changes})


def weights(net: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in net.parameters()])


def test_same_seed_gives_same_weights():
    torch.manual_seed(0)
    first = weights(build())
    torch.manual_seed(99)

    assert torch.equal(weights(build()), first)
    assert not torch.equal(weights(build(seed=8)), first)


def test_the_global_generator_is_left_alone():
    before = torch.get_rng_state()

    build()

    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("architecture", list(Architecture))
def test_every_architecture_takes_and_gives_the_sizes_that_it_states(architecture):
    features = [2] * 8 if architecture == Architecture.BASIC else [2]
    net = build(architecture=architecture, feature_channels=features).eval()
    size = tuple(
        2 * step + least for step, least in zip(net.sizes.multiple, net.sizes.minimum, strict=True)
    )

    with torch.no_grad():
        logits = net(torch.zeros(1, 1, *size))

    assert logits.shape == (1, 2, *net.sizes.output_size(size))
    too_small = (size[0], size[1] - net.sizes.minimum[1], size[2] - 2 * net.sizes.multiple[2] - 1)
    if architecture != Architecture.PASS_THROUGH:
        with pytest.raises(ValueError, match="its numbers must be"):
            net(torch.zeros(1, 1, *too_small))


@pytest.mark.parametrize("depth", [1, 4])
def test_size_multiple_is_two_to_the_depth(depth):
    assert build(num_downsampling_paths=depth).size_multiple == (2**depth,) * 3


def test_normalisation_layer_is_a_choice():
    assert any(isinstance(part, nn.BatchNorm3d) for part in build().modules())
    instance = build(normalisation_layer="InstanceNorm")
    assert not any(isinstance(part, nn.BatchNorm3d) for part in instance.modules())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architecture": "UNet4D"}, "architecture must be one of Basic, UNet3D, .*; got 'UNet4D'"),
        ({"normalisation_layer": "None"}, "normalisation_layer must be one of BatchNorm, Inst"),
        ({"input_channels": 0}, "input_channels must be at least 1; got 0"),
        ({"num_classes": 0}, "num_classes must be at least 1; got 0"),
        ({"num_downsampling_paths": 0}, "num_downsampling_paths must be at least 1; got 0"),
        ({"kernel_size": 2}, "kernel_size must be odd; got 2"),
        ({"feature_channels": []}, "feature_channels needs at least one .* UNet3D.* got none"),
        ({"architecture": "Basic"}, "feature_channels needs 8 whole numbers for Basic.* got 4"),
        (
            {"architecture": "ResidualUNet3D", "num_residual_blocks": [1, 0]},
            "num_residual_blocks needs whole numbers of at least 1.* got 1,0",
        ),
        ({"deep_supervision": True}, "deep_supervision needs .* ResidualUNet3D; .* has UNet3D"),
        ({"feature_channels": [0]}, "feature_channels needs whole numbers of at least 1; got 0"),
    ],
)
def test_a_fault_is_named(change, message):
    with pytest.raises(ConfigError, match=message):
        build(**change)


def test_all_faults_are_named_at_once():
    with pytest.raises(ConfigError) as caught:
        build(architecture="Basic1", kernel_size=4, num_classes=-1)

    assert all(word in str(caught.value) for word in ("'Basic1'", "kernel_size", "num_classes"))


@pytest.mark.parametrize("architecture", ["UNet3D", "ResidualUNet3D"])
def test_an_image_of_the_smallest_size_is_segmented_with_instance_norm(architecture):
    network = build_model(
        architecture=architecture,
        input_channels=1,
        num_classes=2,
        feature_channels=[2],
        num_downsampling_paths=2,
        normalisation_layer="InstanceNorm",
        seed=0,
    ).eval()
    one, two = (network(torch.ones(number, 1, 4, 4, 4)) for number in (1, 2))
    torch.testing.assert_close(one[0], two[0])
