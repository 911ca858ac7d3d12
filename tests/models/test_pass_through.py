"""The network that passes a picture through: rings of three voxels, whatever the image."""

import numpy as np
import pytest
import torch

from innereye.models.build import build_model
from innereye.models.pass_through import PassThrough, rings


def network(channels: int = 1, classes: int = 3) -> torch.nn.Module:
    return build_model(
        architecture="PassThrough",
        input_channels=channels,
        num_classes=classes,
        feature_channels=[1],
        seed=1,
    )


@pytest.mark.parametrize(("height", "width"), [(20, 20), (16, 19), (7, 30), (1, 1)])
def test_each_voxel_belongs_to_the_ring_at_its_distance(height: int, width: int) -> None:
    classes = 4
    found = rings(height, width, classes).numpy()
    assert np.array_equal(found.sum(axis=0), np.ones((height, width)))
    for y in range(height):
        for x in range(width):
            away = max(abs(1 - height + 2 * y) // 2, abs(1 - width + 2 * x) // 2)
            ring = away // 3 + 1
            assert found[ring if ring < classes else 0, y, x] == 1


def test_the_image_does_not_matter_and_slices_are_equal() -> None:
    model = network(channels=2)
    one, other = model(torch.zeros(2, 2, 3, 16, 19)), model(torch.randn(2, 2, 3, 16, 19))
    assert torch.equal(one, other)
    assert one.shape == (2, 3, 3, 16, 19)
    assert all(torch.equal(one[0, :, 0], one[b, :, z]) for b in range(2) for z in range(3))


def test_there_is_something_to_train_that_no_image_can_move() -> None:
    model = network()
    model(torch.ones(1, 1, 2, 8, 8)).sum().backward()
    gradients = [weight.grad for weight in model.parameters()]
    assert [float(gradient) for gradient in gradients if gradient is not None] == [0.0]


def test_it_takes_every_size_and_keeps_it() -> None:
    model = network()
    assert isinstance(model, PassThrough)
    assert model.size_multiple == (1, 1, 1)
    assert model.output_size((5, 7, 9)) == (5, 7, 9)
