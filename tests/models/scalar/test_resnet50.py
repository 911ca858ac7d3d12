"""ResNet-50: the names and sizes of torchvision's, 2D images only, and weights of a checkpoint."""

import pytest
import torch

from innereye.models.scalar.build import build_scalar_model
from innereye.models.scalar.pretrained import load_encoder
from innereye.models.scalar.resnet50 import ResNet50
from innereye.scalar_architectures.shape import ScalarShape

COVID = ScalarShape(architecture="ResNet50", num_image_channels=3, num_targets=4)


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    return build_scalar_model(COVID, seed=0).eval()


def test_names_are_those_of_torchvision():
    with torch.device("meta"):
        names = {name: tuple(v.shape) for name, v in ResNet50(3).state_dict().items()}

    # 53 convolutions without biases, and as many norms of five entries each.
    assert len(names) == 53 * 6
    assert names["conv1.weight"] == (64, 3, 7, 7)
    assert names["layer1.0.downsample.0.weight"] == (256, 64, 1, 1)
    assert names["layer3.5.conv2.weight"] == (256, 256, 3, 3)
    assert names["layer4.2.bn3.running_var"] == (2048,)


def test_features_are_a_32th_of_the_image(network):
    with torch.no_grad():
        assert network.encoder(torch.zeros(1, 3, 1, 64, 96)).shape == (1, 2048, 1, 2, 3)


def test_it_takes_2d_images_alone(network):
    with torch.no_grad():
        assert network(torch.zeros(2, 3, 1, 32, 32)).shape == (2, 4)
    with pytest.raises(ValueError, match="ResNet50 takes 2D images; got the size 2,32,32"):
        network(torch.zeros(2, 3, 2, 32, 32))


def test_the_encoder_of_a_whole_network_is_found_in_its_checkpoint(network):
    other = build_scalar_model(COVID, seed=1)

    load_encoder(other.encoder, {"state_dict": network.state_dict()}, source="covid.ckpt")

    assert torch.equal(other.encoder.conv1.weight, network.encoder.conv1.weight)
    assert not torch.equal(other.head.weight, network.head.weight)
