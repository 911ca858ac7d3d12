"""The original's augmentation files: which transforms, in which order, with which numbers."""

import pytest
import torch
import yaml

from innereye.errors import ConfigError
from innereye.transforms.scalar.augmentation_config import DEFAULTS, create_transforms_from_config
from innereye.transforms.scalar.image_transforms import (
    AddGaussianNoise,
    ElasticTransform,
    RandomGamma,
)
from real_torchvision import torchvision_module

# As the original's file for training an encoder: everything is on.
ENCODER = """
preprocess: {center_crop_size: 24, resize: 32}
augmentation:
  use_random_affine: True
  use_random_crop: True
  use_random_horizontal_flip: True
  use_random_color: True
  use_gamma_transform: True
  use_random_erasing: True
  use_elastic_transform: True
  add_gaussian_noise: True
  random_affine: {max_angle: 180, max_shear: 40}
  random_crop: {scale: [0.4, 1.0]}
  random_erasing: {scale: [0.15, 0.4], ratio: [0.33, 3]}
  elastic_transform: {p_apply: 0.4, alpha: 34}
  random_color: {brightness: 0.2, contrast: 0.2}
  gaussian_noise: {std: 0.05}
"""
SWITCHES = [name.split(".")[1] for name in DEFAULTS if ".use_" in name or ".add_" in name]


@pytest.fixture
def create():
    library = torchvision_module("transforms")
    return lambda config, *arguments: create_transforms_from_config(
        config, *arguments, torchvision_transforms=library
    )


def names(pipeline) -> list[str]:
    return [type(transform).__name__ for transform in pipeline.transforms]


def test_everything_comes_in_the_order_of_the_original(create):
    pipeline = create(yaml.safe_load(ENCODER), True)

    assert names(pipeline) == [
        *("ExpandChannels", "RandomAffine", "RandomResizedCrop", "RandomHorizontalFlip"),
        *("RandomGamma", "ColorJitter", "ElasticTransform", "CenterCrop", "RandomErasing"),
        "AddGaussianNoise",
    ]


@pytest.mark.parametrize("augment", [True, False])
def test_without_switches_an_image_is_resized_and_cropped(create, augment):
    assert names(create({}, augment)) == ["ExpandChannels", "Resize", "CenterCrop"]
    assert names(create({}, augment, False)) == ["Resize", "CenterCrop"]


def test_without_augmentation_nothing_is_random(create):
    pipeline = create(yaml.safe_load(ENCODER), False)

    assert names(pipeline) == ["ExpandChannels", "Resize", "CenterCrop"]


@pytest.mark.parametrize("switch", SWITCHES)
def test_each_switch_adds_its_transform_and_no_other(create, switch):
    plain, one = names(create({}, True)), names(create({"augmentation": {switch: True}}, True))

    gone, come = set(plain) - set(one), set(one) - set(plain)
    assert len(come) == 1 and gone == ({"Resize"} if switch == "use_random_crop" else set())


def test_numbers_come_from_the_file_or_have_their_defaults(create):
    chain = {type(each).__name__: each for each in create(yaml.safe_load(ENCODER), True).transforms}

    assert chain["RandomAffine"].degrees == [-180.0, 180.0]
    assert chain["RandomAffine"].shear == [-40.0, 40.0]
    assert chain["RandomResizedCrop"].scale == (0.4, 1.0)
    assert chain["RandomErasing"].ratio == (0.33, 3)
    assert chain["ElasticTransform"] == ElasticTransform(sigma=4, alpha=34, p_apply=0.4)
    assert chain["AddGaussianNoise"] == AddGaussianNoise(p_apply=0.5, std=0.05)
    assert chain["RandomGamma"] == RandomGamma(scale=(0.5, 1.5))


def test_the_chain_runs_on_an_image_of_one_channel(create):
    changed = create(yaml.safe_load(ENCODER), True)(torch.rand(1, 40, 50), seed=1)

    assert changed.shape == (3, 24, 24)


def test_all_unknown_settings_are_named_at_once():
    config = {"augmentation": {"use_random_crops": True, "gama": {"scale": [1, 2]}}}
    with pytest.raises(ConfigError) as caught:
        create_transforms_from_config(config, True, torchvision_transforms=None)

    message = str(caught.value)
    assert (
        "use_random_crops is not among them. Did you mean 'augmentation.use_random_crop'?"
        in message
    )
    assert "augmentation.gama.scale" in message
