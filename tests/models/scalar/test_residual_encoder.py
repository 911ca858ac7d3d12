"""The recommended encoder: how its blocks begin, what they halve, and that it learns."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from innereye.losses.scalar.binary_cross_entropy import binary_cross_entropy_loss
from innereye.models.scalar.build import build_scalar_model
from innereye.models.scalar.residual_encoder import ResidualEncoder
from innereye.scalar_architectures.encoder import encoder_shape
from innereye.scalar_architectures.shape import ScalarShape


def encoder(**changes: object) -> ResidualEncoder:
    shape = ScalarShape(**{"initial_feature_channels": 4, "num_encoder_blocks": 3, **changes})
    torch.manual_seed(1)
    return ResidualEncoder(encoder_shape(shape), input_channels=shape.input_channels)


def test_a_block_begins_as_its_shortcut():
    block, features = encoder().levels[0].eval(), torch.randn(1, 4, 4, 4, 4)

    assert torch.equal(block(features), functional.relu(features))


def test_the_shortcut_of_a_halved_level_averages_what_is_there():
    halving, features = encoder().levels[1].shortcut[0], torch.randn(2, 4, 4, 7, 5)

    expected = functional.avg_pool3d(features, 2, ceil_mode=True, count_include_pad=False)

    torch.testing.assert_close(halving(features), expected)


@pytest.mark.parametrize("size", [(8, 12, 16), (9, 13, 15), (1, 9, 40), (1, 1, 1)])
@pytest.mark.parametrize("is_known", [False, True])
def test_features_have_the_size_that_the_shape_says(size, is_known):
    changes = {"image_size": size} if is_known else {}
    shape = encoder_shape(ScalarShape(initial_feature_channels=4, num_encoder_blocks=3, **changes))

    features = encoder(**changes).eval()(torch.zeros(1, 1, *size))

    assert features.shape == (1, 16, *shape.output_size(size))


def test_every_weight_receives_a_gradient():
    network = encoder()
    network(torch.randn(2, 1, 16, 16, 16)).square().sum().backward()

    assert all(parameter.grad is not None for parameter in network.parameters())


def test_a_flat_image_has_no_weights_across_slices():
    kernels = [
        part.kernel_size for part in encoder(image_size=(1, 9, 9)).modules() if is_conv(part)
    ]

    assert {kernel[0] for kernel in kernels} == {1} and (1, 3, 3) in kernels


def is_conv(part: nn.Module) -> bool:
    return isinstance(part, nn.Conv3d)


def balls(items: int) -> tuple[Tensor, Tensor]:
    """Volumes of noise with a small (0) or a larger (1) ball of equal brightness, anywhere."""
    generator = torch.Generator().manual_seed(5)
    labels = (torch.arange(items) % 2).float().view(-1, 1)
    centres = torch.rand(items, 3, 1, 1, 1, generator=generator) * 6 + 5
    grid = torch.stack(torch.meshgrid(*[torch.arange(16.0)] * 3, indexing="ij"))
    distances = (grid - centres).square().sum(dim=1).sqrt()
    inside = distances < 3 + labels.view(-1, 1, 1, 1)
    noise = torch.randn(items, 1, 16, 16, 16, generator=generator)
    return inside.unsqueeze(1) * 2 + 0.5 * noise, labels


def test_it_learns_sizes_from_few_volumes():
    images, labels = balls(48)
    network = build_scalar_model(
        ScalarShape(initial_feature_channels=8, num_encoder_blocks=3, image_size=(16, 16, 16)),
        seed=0,
    )
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for step in range(40):
        chosen = torch.arange(step * 8, step * 8 + 8) % 32
        loss = binary_cross_entropy_loss(network(images[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    with torch.no_grad():
        answers = network.eval()(images[32:]) > 0

    assert (answers == labels[32:].bool()).float().mean() >= 0.9
