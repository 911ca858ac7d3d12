"""Building a scalar network: seeded, without a trace, InnerEye's numbers, and all faults at once."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from innereye.errors import ConfigError
from innereye.models.scalar.build import build_scalar_model
from innereye.scalar_architectures.encoder import encoder_shape
from innereye.scalar_architectures.shape import ScalarShape
from innereye.scalar_names import AggregationType, ImagingFeatureType

PLAIN_KERNELS = [(7, 7, 7), (5, 5, 5), (3, 3, 3), (3, 3, 3), (3, 3, 3)]
GLAUCOMA = ScalarShape(
    architecture="PlainEncoder",
    kernel_size_per_encoding_block=PLAIN_KERNELS,
    stride_size_per_encoding_block=[(2, 2, 2), *[(1, 1, 1)] * 4],
    zero_padding=True,
)
IMAGE_ENCODER = ScalarShape(architecture="ImageEncoderWithMlp")
SMALL = replace(IMAGE_ENCODER, num_encoder_blocks=3, initial_feature_channels=2)
DUMMY = ScalarShape(architecture="SingleConvolution", num_targets=5, image_size=(4, 5, 7))
RESIDUAL = ScalarShape(num_encoder_blocks=2, initial_feature_channels=2)
FEATURES = ScalarShape(architecture="Mlp", num_image_channels=0, num_features=4)
RESNET = ScalarShape(architecture="ResNet50", num_image_channels=3, num_targets=4)


def count(shape: ScalarShape) -> int:
    with torch.device("meta"):
        network = build_scalar_model(shape, seed=0)
    return sum(parameter.numel() for parameter in network.parameters())


def outputs(shape: ScalarShape, size: tuple[int, int, int], items: int = 2) -> torch.Tensor:
    """Outputs for drawn inputs, those that the shape asks for; segmentations are of 0 to 9."""
    generator = torch.Generator().manual_seed(1)
    images = torch.randn(items, max(shape.num_image_channels, 1), *size, generator=generator)
    features = torch.randn(items, shape.num_features, generator=generator)
    network = build_scalar_model(shape, seed=3)
    return network(images, features, (images.abs() * 3).round().clamp(max=9))


def weights(network: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (IMAGE_ENCODER, 470_817),
        (GLAUCOMA, 222_273),
        (DUMMY, 28 + 5 * (2 * 3 * 5 + 1)),
        # That of He et al. with a linear layer to 4 instead of 1,000 classes.
        (RESNET, 25_557_032 - 2049 * 1000 + 2049 * 4),
    ],
)
def test_number_of_parameters(shape, expected):
    assert count(shape) == expected


def test_encoder_and_head_of_innereye_have_their_shares():
    network = build_scalar_model(IMAGE_ENCODER, seed=0)

    shares = [sum(each.numel() for each in part.parameters()) for part in network.children()]
    assert shares == [462_368, 0, 8_449]


def test_features_are_joined_by_a_layer_that_reduces_the_images():
    # 8/10 of 128 channels, one kernel of (1, 3, 3) and a norm, then an MLP of 102 + 3 numbers.
    hidden = (102 + 3) // 2
    expected = 462_368 + 128 * 102 * 9 + 2 * 102 + (105 + 1) * hidden + 2 * hidden + hidden + 1

    assert count(replace(IMAGE_ENCODER, num_features=3)) == expected


@pytest.mark.parametrize("number", [0, 2])
def test_only_the_layer_before_other_features_has_no_relu(number):
    network = build_scalar_model(replace(SMALL, num_features=number), seed=0)

    features = network.encoder(torch.randn(4, 1, 1, 35, 35))

    assert bool((features < 0).any()) is (number > 0)


@pytest.mark.parametrize("targets", [1, 3])
@pytest.mark.parametrize("features", [0, 2])
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        (SMALL, (2, 35, 35)),
        (replace(SMALL, num_image_channels=2), (2, 35, 35)),
        (replace(SMALL, num_image_channels=2, encode_channels_jointly=True), (2, 35, 35)),
        (replace(GLAUCOMA, initial_feature_channels=2), (5, 8, 9)),
        (replace(DUMMY, num_image_channels=2), (4, 5, 7)),
        (RESIDUAL, (9, 12, 7)),
        (replace(RESIDUAL, image_size=(1, 8, 8), num_image_channels=3), (1, 8, 8)),
    ],
)
def test_one_output_a_target_with_and_without_features(shape, size, features, targets):
    given = outputs(replace(shape, num_features=features, num_targets=targets), size)

    assert given.shape == (2, targets)
    assert given.std() > 0


@pytest.mark.parametrize("kind", list(AggregationType))
@pytest.mark.parametrize("shape", [SMALL, RESIDUAL])
def test_every_pooling_fits_every_encoder(shape, kind):
    shape = replace(shape, aggregation_type=kind, image_size=(2, 23, 24), num_image_channels=2)

    assert outputs(shape, (2, 23, 24)).shape == (2, 1)


@pytest.mark.parametrize("kind", list(ImagingFeatureType))
@pytest.mark.parametrize("shape", [SMALL, RESIDUAL])
def test_every_encoder_looks_at_segmentations(shape, kind):
    shape = replace(shape, imaging_feature_type=kind, num_image_channels=2)

    assert outputs(shape, (2, 23, 23)).shape == (2, 1)


def test_channels_of_innereyes_encoder_share_its_weights():
    network = build_scalar_model(replace(SMALL, num_image_channels=2), seed=0).eval()
    image = torch.randn(1, 1, 1, 20, 20)

    pooled = network.pooling(network.encoder(torch.cat([image, image])))

    assert count(replace(SMALL, num_image_channels=2)) > count(SMALL)
    assert torch.equal(pooled[0], pooled[1])
    torch.testing.assert_close(
        network(image.expand(-1, 2, -1, -1, -1)), network.head(pooled.view(1, -1))
    )


def test_a_network_of_features_alone_takes_no_image():
    network = build_scalar_model(FEATURES, seed=0)

    assert network(None, torch.randn(3, 4)).shape == (3, 1)
    with pytest.raises(ValueError, match="needs features"):
        network(None)


@pytest.mark.parametrize("shape", [SMALL, DUMMY, RESIDUAL, FEATURES])
def test_same_seed_gives_same_weights_and_leaves_no_trace(shape):
    before = torch.get_rng_state()
    first = weights(build_scalar_model(shape, seed=7))
    assert torch.equal(torch.get_rng_state(), before)

    torch.manual_seed(99)

    assert torch.equal(weights(build_scalar_model(shape, seed=7)), first)
    assert not torch.equal(weights(build_scalar_model(shape, seed=8)), first)


@pytest.mark.parametrize("shape", [SMALL, DUMMY, RESIDUAL, FEATURES])
def test_a_regression_answers_in_the_units_that_it_is_told(shape):
    network = build_scalar_model(replace(shape, is_regression=True), seed=0)
    plain = build_scalar_model(shape, seed=0)

    assert {f"{name}" for name, _ in network.named_buffers()} - {
        name for name, _ in plain.named_buffers()
    } == {"head.1.mean", "head.1.std"}
    assert torch.equal(weights(network), weights(plain))


def test_a_frozen_encoder_does_not_learn_and_keeps_its_statistics():
    shape = replace(RESIDUAL, freeze_encoder=True)
    network = build_scalar_model(shape, seed=0).train()
    before = {name: value.clone() for name, value in network.encoder.state_dict().items()}

    network(torch.randn(4, 1, 8, 8, 8)).sum().backward()

    assert all(torch.equal(before[name], v) for name, v in network.encoder.state_dict().items())
    learnt = [name for name, each in network.named_parameters() if each.grad is not None]
    assert learnt == ["head.weight", "head.bias"] and network.head.training


@pytest.mark.parametrize("shape", [SMALL, replace(GLAUCOMA, zero_padding=False)])
def test_the_smallest_size_is_taken_and_one_less_is_not(shape):
    z, y, x = encoder_shape(shape).smallest_size()
    network = build_scalar_model(replace(shape, initial_feature_channels=2), seed=0).eval()

    assert network(torch.zeros(1, 1, z, y, x)).shape == (1, 1)
    with pytest.raises(ValueError, match=rf"smallest size \(Z, Y, X\) is {z},{y},{x}\."):
        network(torch.zeros(1, 1, z, y - 1, x))


def test_all_faults_are_named_at_once():
    changes: dict[str, Any] = {"aggregation_type": "Median", "mlp_dropout": 1, "num_targets": 0}

    with pytest.raises(ConfigError) as caught:
        build_scalar_model(replace(SMALL, **changes), seed=0)

    assert all(field in str(caught.value) for field in changes)
