"""The 3D U-Net: parameter counts, names, sizes and initialisation."""

import pytest
import torch
from torch import nn

from innereye.models.unet3d import UNet3D
from innereye.names import NormalisationLayer


def small_net(**changes: object) -> UNet3D:
    fields: dict = {"input_channels": 1, "num_classes": 3, "feature_channels": 4}
    return UNet3D(**{**fields, "num_downsampling_paths": 2, **changes})


def count_parameters(net: nn.Module) -> int:
    return sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)


@pytest.mark.parametrize(
    ("channels", "features", "classes", "depth", "expected"),
    [
        (1, 4, 3, 4, 506_031),
        (2, 4, 3, 4, 506_139),
        (1, 16, 3, 4, 8_084_019),
        (1, 32, 2, 4, 32_327_746),
        (1, 32, 6, 4, 32_327_878),
        (1, 32, 8, 4, 32_327_944),
        (1, 32, 11, 4, 32_328_043),
        (1, 26, 23, 4, 21_343_189),
        (1, 32, 2, 1, 409_090),
        (1, 32, 2, 2, 1_929_666),
        (1, 32, 2, 3, 8_010_050),
        (1, 32, 2, 5, 129_590_850),
    ],
)
@pytest.mark.parametrize("layer", list(NormalisationLayer))
def test_number_of_trainable_parameters(channels, features, classes, depth, expected, layer):
    with torch.device("meta"):
        net = UNet3D(
            input_channels=channels,
            num_classes=classes,
            feature_channels=features,
            num_downsampling_paths=depth,
            normalisation_layer=layer,
        )

    assert count_parameters(net) == expected


def test_state_dict_has_the_names_of_innereye_checkpoints():
    names = set(small_net(num_downsampling_paths=1).state_dict())

    norm = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    expected = {"output_layer.weight", "output_layer.bias"}
    blocks = ["_layers.0.block1", "_layers.0.block2", "_layers.1.block1", "_layers.1.block2"]
    for block in [*blocks, "_layers.3.block2"]:
        expected |= {f"{block}.conv1.weight", *(f"{block}.bn1.{name}" for name in norm)}
    expected |= {f"_layers.2.upsample_block.0.{name}" for name in ("weight", "bias")}
    expected |= {f"_layers.2.upsample_block.1.{name}" for name in norm}
    expected |= {"_layers.3.conv1.conv1.weight", "_layers.3.conv2.conv1.weight"}
    expected |= {f"_layers.3.activation_block.0.{name}" for name in norm}
    assert names == expected


def test_layers_are_ordered_from_encoder_to_decoder():
    channels = [
        next(layer.parameters()).shape[0] for layer in small_net(num_downsampling_paths=2)._layers
    ]

    # A transposed convolution lists its input channels first.
    assert channels == [4, 8, 16, 16, 8, 8, 4]


@pytest.mark.parametrize("layer", list(NormalisationLayer))
@pytest.mark.parametrize("kernel_size", [1, 3, 5])
@pytest.mark.parametrize("size_zyx", [(4, 8, 12), (8, 8, 8)])
def test_logits_have_the_size_of_the_input(layer, kernel_size, size_zyx):
    net = small_net(kernel_size=kernel_size, normalisation_layer=layer, input_channels=2)

    assert net.size_multiple == (4, 4, 4)
    assert net(torch.zeros(2, 2, *size_zyx)).shape == (2, 3, *size_zyx)


def test_a_size_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match=r"\(8, 8, 6\); its numbers must be multiples of 4"):
        small_net()(torch.zeros(1, 1, 8, 8, 6))


def test_a_block_is_its_second_half_plus_a_residual_path():
    net = small_net().eval()
    encode, synthesis = net._layers[1], net._layers[6]
    features, skip = torch.randn(1, 4, 4, 4, 4), torch.randn(1, 4, 4, 4, 4)

    first = encode.block1(features)
    norm, relu = synthesis.activation_block
    joined = relu(norm(synthesis.conv1(features) + synthesis.conv2(skip)))

    assert torch.equal(encode(features), first + encode.block2(first))
    assert torch.equal(synthesis(features, skip), joined + synthesis.block2(joined))


def test_weights_start_as_in_innereye():
    torch.manual_seed(1)
    net = small_net(feature_channels=32, num_downsampling_paths=1)
    block = net._layers[1].block2
    deviation = (2.0 / (64 * 27)) ** 0.5

    assert block.conv1.weight.std().item() == pytest.approx(deviation, rel=0.02)
    assert block.bn1.weight.std().item() == pytest.approx(0.01, rel=0.3)
    assert block.bn1.weight.mean().item() == pytest.approx(1.0, abs=0.005)
    assert not block.bn1.bias.any()
    assert torch.equal(net._layers[2].upsample_block[1].weight, torch.ones(32))


def test_instance_norm_treats_each_subject_by_itself():
    torch.manual_seed(1)
    net = small_net(normalisation_layer=NormalisationLayer.INSTANCE)
    images = torch.randn(2, 1, 8, 8, 8)

    together, alone = net(images), net(images[1:])

    torch.testing.assert_close(together[1:], alone, atol=1e-4, rtol=1e-4)


def test_every_weight_receives_a_gradient():
    net = small_net()
    net(torch.randn(2, 1, 8, 8, 8)).square().sum().backward()

    assert all(parameter.grad is not None for parameter in net.parameters())


def test_instance_norm_gives_the_values_of_torch():
    torch.manual_seed(1)
    net = small_net(normalisation_layer=NormalisationLayer.INSTANCE)
    norm, features = net._layers[0].block1.bn1, torch.randn(2, 4, 6, 5, 4) * 3 + 1

    expected = nn.functional.instance_norm(
        features, weight=norm.weight, bias=norm.bias, eps=norm.eps
    )

    torch.testing.assert_close(norm(features), expected)


def test_instance_norm_of_a_single_voxel_is_refused():
    with pytest.raises(ValueError, match="a level of one voxel"):
        small_net(normalisation_layer=NormalisationLayer.INSTANCE)(torch.zeros(2, 1, 4, 4, 4))
