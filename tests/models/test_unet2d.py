"""The 2D U-Net: InnerEye's U-Net that looks at each slice by itself."""

import pytest
import torch
from torch import nn

from innereye.models.unet3d import UNet3D, upsampling_kernel


def flat_net(**changes: object) -> UNet3D:
    fields: dict = {"input_channels": 1, "num_classes": 2, "feature_channels": 2, "is_2d": True}
    return UNet3D(**{**fields, "num_downsampling_paths": 2, **changes})


@pytest.mark.parametrize("kernel_size", [3, 5])
def test_number_of_trainable_parameters(kernel_size):
    with torch.device("meta"):
        net = flat_net(feature_channels=32, num_downsampling_paths=4, kernel_size=kernel_size)

    assert sum(parameter.numel() for parameter in net.parameters()) == 9_852_418


@pytest.mark.parametrize("depth", [1, 2, 5, 7])
def test_any_number_of_slices_keeps_its_size(depth):
    net = flat_net()

    assert net.size_multiple == (1, 4, 4)
    assert net(torch.zeros(1, 1, depth, 8, 12)).shape == (1, 2, depth, 8, 12)


def test_a_slice_is_seen_by_itself():
    torch.manual_seed(1)
    net, images = flat_net().eval(), torch.randn(1, 1, 5, 8, 8)
    changed = images.clone()
    changed[:, :, 2] += 1.0

    with torch.no_grad():
        is_other = (net(images) != net(changed)).any(dim=(0, 1, 3, 4))

    assert is_other.tolist() == [False, False, True, False, False]


def test_only_the_second_convolution_of_a_halved_level_is_dilated():
    dilations = [part.dilation for part in flat_net().modules() if isinstance(part, nn.Conv3d)]

    assert dilations[:6] == [(1, 1, 1)] * 3 + [(1, 2, 2), (1, 1, 1), (1, 2, 2)]
    assert set(dilations[6:]) == {(1, 1, 1)}


@pytest.mark.parametrize(("factor", "kernel"), [(1, 1), (2, 4), (3, 6)])
def test_kernels_on_the_way_up_overlap_evenly(factor, kernel):
    assert upsampling_kernel(factor) == kernel
