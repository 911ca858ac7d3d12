"""Which crops, random changes and optimisers may be asked for?"""

import pytest

from innereye.configs.load import load_model
from innereye.configs.model_config import ConfigFaultsError
from innereye.configs.rules.augmentation import has_side
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.segmentation.ProstateBase import ProstateBase


def faults_of(model=HelloWorld, **overrides: object) -> list[str]:
    """Return the faults of a model with these overrides."""
    try:
        load_model(model, {"local_dataset": "data", **overrides})
    except ConfigFaultsError as error:
        return error.faults
    return []


@pytest.mark.parametrize(
    "name",
    [
        "femur_r",
        "femur_l",
        "LeftLung",
        "lung-right",
        "Kidney_R",
        "parotid_lt",
        "L",
        "optic_nerve_L2",
    ],
)
def test_names_with_a_side_are_recognised(name):
    assert has_side(name)


@pytest.mark.parametrize("name", ["prostate", "rectum", "spc", "liver", "AllLobes"])
def test_names_without_a_side_are_not(name):
    assert not has_side(name)


def test_left_and_right_are_not_mirrored():
    structures = {"ground_truth_ids": "femur_r,femur_l,rectum"}

    (fault,) = faults_of(ProstateBase, **structures, random_flip_axes="z,x")

    assert fault.startswith("random_flip_axes has x")
    assert "femur_r, femur_l" in fault
    assert "rectum" not in fault
    assert faults_of(ProstateBase, **structures, random_flip_axes="z,y") == []
    assert faults_of(ProstateBase, ground_truth_ids="rectum", random_flip_axes="x") == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"random_flip_axes": "z,w"}, "some of the axes z, y and x"),
        ({"random_blur": "1,0.5"}, "random_blur needs the lower number first; got 1,0.5."),
        ({"random_blur": "-1,0"}, "two numbers of at least 0"),
        ({"random_elastic_mm": 15}, "random_elastic_mm=15 would fold a crop"),
        ({"random_elastic_mm": -1}, "a number of at least 0"),
        ({"random_elastic_smoothness_mm": 0}, "a number above 0"),
        ({"gradient_clip_norm": 0}, "a number above 0, or None"),
        ({"ema_decay": 1}, "a number between 0 and 1, or None"),
        ({"ema_decay": True}, "a number between 0 and 1, or None"),
        ({"use_torch_compile": "perhaps"}, "yes or no"),
        ({"optimizer_type": "Adagrad"}, "'AdamW'"),
        ({"crop_size": "64,64,64", "center_size": "32,32,32"}, "center_size must be crop_size"),
        ({"center_size": "1,2"}, "three whole numbers"),
        ({"show_patch_sampling": -1}, "a whole number of at least 0"),
    ],
)
def test_each_bad_value_is_said_with_what_is_allowed(fields, words):
    (fault,) = faults_of(**fields)
    assert words in fault


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"center_size": "36,36,36"}, ""),
        (
            {"center_size": "37,36,36"},
            "must not exceed (36, 36, 36), what Basic gives for crop_size",
        ),
    ],
)
def test_the_centre_is_at_most_what_the_network_gives(fields, words):
    basic = {"architecture": "Basic", "feature_channels": [2] * 8, "crop_size": (64, 64, 64)}
    faults = faults_of(**basic, **fields)
    assert [words in fault for fault in faults] == ([True] if words else [])


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("random_flip_axes", "z,y", ["z", "y"]),
        ("random_flip_axes", "none", []),
        ("gradient_clip_norm", "None", None),
        ("gradient_clip_norm", 12, 12.0),
        ("ema_decay", 0.999, 0.999),
        ("ema_decay", "none", None),
        ("random_blur", [0, "1.5"], (0.0, 1.5)),
        ("optimizer_type", "adamw", "AdamW"),
    ],
)
def test_values_are_read_as_they_come_from_the_command_line(field, text, value):
    assert getattr(load_model(HelloWorld, {field: text}), field) == value
