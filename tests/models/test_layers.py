"""The parts of the networks: sizes that stay, and gradients of thin volumes."""

import pytest
import torch

from innereye.models.layers import Conv3d, conv, same_padding


@pytest.mark.parametrize(
    ("kernel", "dilation", "padding"),
    [
        ((3, 3, 3), (1, 1, 1), (1, 1, 1)),
        ((3, 3, 1), (5, 5, 5), (5, 5, 0)),
        ((1, 5, 3), (1, 2, 2), (0, 4, 2)),
    ],
)
def test_padding_keeps_the_size(kernel, dilation, padding):
    assert same_padding(kernel, dilation) == padding
    layer = conv(1, 2, kernel, dilation_zyx=dilation)
    assert layer(torch.zeros(1, 1, 6, 7, 8)).shape == (1, 2, 6, 7, 8)


@pytest.mark.parametrize(("depth", "dtype"), [(2, torch.float32), (3, torch.bfloat16)])
def test_volumes_thinner_than_the_kernel_are_computed_in_single(depth, dtype):
    layer = conv(4, 4, (3, 3, 3))

    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert layer(torch.zeros(1, 4, depth, 4, 4)).dtype is dtype


def test_a_gradient_in_half_precision_is_a_number():
    layer, features = conv(16, 16, (3, 3, 3)), torch.randn(2, 16, 2, 8, 8)
    for _ in range(40):
        # Memory that is used again, in which the kernel of torch would find these.
        garbage = [torch.full((count,), torch.nan) for count in (1_000, 50_000, 300_000)]
        del garbage
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = layer(features).float().square().mean()
        (gradient,) = torch.autograd.grad(loss, layer.weight)
        assert isinstance(layer, Conv3d) and bool(torch.isfinite(gradient).all())
