"""The recommended network: its levels, its blocks, and what deep supervision adds."""

import pytest
import torch
from torch import nn

from innereye.models.residual_unet3d import ResidualUNet3D
from innereye.names import NormalisationLayer


def small_net(**changes: object) -> ResidualUNet3D:
    fields: dict = {"input_channels": 2, "num_classes": 3, "feature_channels": 4}
    return ResidualUNet3D(**{**fields, "num_downsampling_paths": 2, **changes})


def blocks_of(net: ResidualUNet3D) -> list[int]:
    return [len(stage) for stage in net.encoder]


@pytest.mark.parametrize("layer", list(NormalisationLayer))
@pytest.mark.parametrize("size_zyx", [(4, 8, 12), (8, 8, 8)])
def test_logits_have_the_size_of_the_input(layer, size_zyx):
    net = small_net(normalisation_layer=layer)

    assert net.size_multiple == (4, 4, 4)
    assert net(torch.zeros(2, 2, *size_zyx)).shape == (2, 3, *size_zyx)


def test_the_last_number_of_blocks_repeats():
    assert blocks_of(small_net(num_downsampling_paths=4)) == [1, 2, 2, 2, 2]
    assert blocks_of(small_net(num_residual_blocks=[1, 3, 4, 6])) == [1, 3, 4]


def test_deep_levels_have_no_more_than_320_channels():
    net = small_net(feature_channels=90, kernel_size=1, num_downsampling_paths=3)

    widths = [stage[0].first[0].out_channels for stage in net.encoder]
    assert widths == [90, 180, 320, 320]


def test_deep_supervision_gives_every_level_of_the_decoder_in_training_only():
    net, images = small_net(deep_supervision=True), torch.randn(1, 2, 16, 8, 24)

    levels = net(images)
    with torch.no_grad():
        answer = net.eval()(images)

    assert [tuple(each.shape) for each in levels] == [(1, 3, 16, 8, 24), (1, 3, 8, 4, 12)]
    assert isinstance(answer, torch.Tensor) and answer.shape == (1, 3, 16, 8, 24)


def test_deep_supervision_changes_nothing_but_the_training():
    torch.manual_seed(1)
    net, images = (
        small_net(deep_supervision=True, num_downsampling_paths=3),
        torch.randn(1, 2, 8, 8, 16),
    )
    plain = small_net(num_downsampling_paths=3)
    plain.load_state_dict(
        {name: value for name, value in net.state_dict().items() if "coarse" not in name}
    )

    assert torch.equal(net(images)[0], plain(images))


def test_every_weight_receives_a_gradient():
    net = small_net(deep_supervision=True, num_downsampling_paths=3)
    sum(level.square().sum() for level in net(torch.randn(2, 2, 16, 8, 8))).backward()

    assert all(parameter.grad is not None for parameter in net.parameters())


def test_a_block_begins_as_its_shortcut():
    torch.manual_seed(1)
    block, features = small_net().encoder[1][1].eval(), torch.randn(1, 8, 4, 4, 4)

    assert torch.equal(block(features), nn.functional.leaky_relu(features, 0.01))


def test_the_shortcut_of_a_halved_level_averages():
    torch.manual_seed(1)
    shortcut, features = small_net().encoder[1][0].shortcut, torch.randn(1, 4, 4, 4, 4)

    mean = features.reshape(1, 4, 2, 2, 2, 2, 2, 2).mean(dim=(3, 5, 7))

    torch.testing.assert_close(shortcut[0](features), mean)


def test_a_size_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match=r"ResidualUNet3D has size \(8, 8, 6\); its .* of 4"):
        small_net()(torch.zeros(1, 2, 8, 8, 6))


def test_the_last_kernel_is_that_of_the_classes():
    # The weights of a checkpoint are compared by it.
    kernels = [name for name, weight in small_net().state_dict().items() if weight.ndim == 5]

    assert kernels[0] == "stem.0.weight"
    assert kernels[-1] == "output_layer.weight"
