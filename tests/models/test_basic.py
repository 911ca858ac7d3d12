"""The network without padding: parameter counts, what it loses, and its first weights."""

import pytest
import torch
from torch import nn

from innereye.models.basic import Basic


def basic(**changes: object) -> Basic:
    fields: dict = {"input_channels": 1, "num_classes": 4, "feature_channels": [2] * 8}
    return Basic(**{**fields, **changes})


@pytest.mark.parametrize(("channels", "expected"), [(2, 924), (1, 870)])
def test_number_of_trainable_parameters(channels, expected):
    net = basic(input_channels=channels)

    assert sum(parameter.numel() for parameter in net.parameters()) == expected


@pytest.mark.parametrize(("kernel_size", "loss"), [(1, 0), (3, 28), (5, 56)])
def test_each_axis_loses_the_reach_of_the_kernels(kernel_size, loss):
    net = basic(kernel_size=kernel_size).eval()

    assert net.sizes.minimum == (loss + 1,) * 3
    with torch.no_grad():
        logits = net(torch.zeros(2, 1, loss + 1, loss + 3, loss + 2))
    assert logits.shape == (2, 4, 1, 3, 2)


def test_a_smaller_image_is_refused():
    with pytest.raises(ValueError, match=r"\(29, 28, 29\); its numbers must be at least 29"):
        basic()(torch.zeros(1, 1, 29, 28, 29))


def test_a_voxel_of_the_output_lies_in_the_middle_of_what_it_sees():
    torch.manual_seed(1)
    net, images = basic().eval(), torch.randn(1, 1, 31, 31, 31, requires_grad=True)
    for part in net.modules():
        if isinstance(part, nn.Conv3d):
            nn.init.constant_(part.weight, 0.1)

    net(images)[0, 0, 1, 1, 1].backward()

    seen = images.grad[0, 0].nonzero()
    assert seen.min(dim=0).values.tolist() == [1, 1, 1]
    assert seen.max(dim=0).values.tolist() == [29, 29, 29]


def test_channels_that_change_within_a_block_are_projected():
    net = basic(feature_channels=[2, 3, 4, 4, 4, 5, 5, 5])

    shortcuts = [part.shortcut for part in net.modules() if hasattr(part, "shortcut")]

    assert [isinstance(each, nn.Identity) for each in shortcuts] == [False, False, True]
    assert net(torch.randn(1, 1, 30, 30, 30)).shape == (1, 4, 2, 2, 2)


def test_weights_start_small():
    torch.manual_seed(1)
    net = basic(feature_channels=[20] * 8)

    assert net._layers[2].conv1.weight.std().item() == pytest.approx(0.01, rel=0.05)
    assert torch.equal(net._layers[2].bn1.weight, torch.ones(20))


def test_a_block_adds_the_middle_of_its_input():
    net, features = basic().eval(), torch.rand(1, 2, 11, 12, 13)
    block = net._layers[4]
    for part in (block.first.conv1, block.second.conv1):
        nn.init.zeros_(part.weight)
        nn.init.zeros_(part.bias)

    torch.testing.assert_close(block(features), features[:, :, 4:-4, 4:-4, 4:-4])
