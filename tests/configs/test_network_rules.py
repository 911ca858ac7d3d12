"""Rules between the shape of the network and sizes: what each architecture takes, in sentences."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.architectures import NetworkSizes, sizes_of
from innereye.configs.rules.schedule import mixture_is_complete
from innereye.configs.rules.sizes import sizes_fit_network
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase
from innereye.names import Architecture

BASIC = {"architecture": "Basic", "feature_channels": [2] * 8}
SHAPES: dict[str, dict] = {
    "Basic": BASIC,
    "UNet3D": {"architecture": "UNet3D", "feature_channels": [2]},
    "UNet2D": {"architecture": "UNet2D", "feature_channels": [2], "crop_size": (3, 64, 64)},
    "ResidualUNet3D": {
        "architecture": "ResidualUNet3D",
        "feature_channels": [2],
        "deep_supervision": True,
    },
    "PassThrough": {"architecture": "PassThrough", "crop_size": (1, 1, 1)},
}


def model(**fields: object) -> SegmentationModelBase:
    return SegmentationModelBase(**fields)


@pytest.mark.parametrize("architecture", list(Architecture))
def test_every_architecture_can_be_stated(architecture):
    assert sizes_fit_network(model(**SHAPES[architecture])) == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "feature_channels needs 8 whole numbers for Basic, .* got none"),
        ({**BASIC, "crop_size": (64, 28, 64)}, "crop_size must be at least 29 for Basic; got"),
        ({**BASIC, "test_crop_size": (8, 64, 64)}, "test_crop_size must be at least 29"),
        ({**BASIC, "kernel_size": 5, "crop_size": (56, 64, 64)}, "must be at least 57"),
        ({**BASIC, "center_size": (36, 36, 37)}, r"must not exceed \(36, 36, 36\), what Basic"),
        ({**BASIC, "inference_stride_size": (36, 64, 36)}, r"must not exceed \(36, 36, 36\), what"),
        ({**BASIC, "deep_supervision": True}, "deep_supervision needs .* the model has Basic"),
        ({**SHAPES["UNet2D"], "crop_size": (3, 64, 24)}, r"multiples of 1,16,16 .* for UNet2D"),
        ({**SHAPES["UNet3D"], "crop_size": (64, 64, 24)}, r"multiples of 16 \(2 to num_down"),
        ({**SHAPES["UNet3D"], "test_crop_size": (8, 8, 8)}, "test_crop_size must be multiples"),
        ({**SHAPES["UNet3D"], "center_size": (64, 64, 32)}, r"must be crop_size \(64, 64, 64\)"),
        ({**SHAPES["UNet3D"], "inference_stride_size": (64, 65, 64)}, "not exceed the window"),
        ({**SHAPES["UNet3D"], "kernel_size": 4}, "kernel_size must be odd; got 4"),
        ({**SHAPES["UNet3D"], "feature_channels": []}, "at least one whole number for UNet3D"),
        ({**SHAPES["ResidualUNet3D"], "num_residual_blocks": []}, "num_residual_blocks .* none"),
        (
            {
                **SHAPES["ResidualUNet3D"],
                "normalisation_layer": "InstanceNorm",
                "crop_size": (16, 16, 16),
            },
            "leaves one voxel at the deepest level",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(fields, complaint):
    (said,) = sizes_fit_network(model(**fields))

    assert re.search(complaint, said)


def test_all_faults_are_said_at_once():
    fields = {"architecture": "UNet3D", "kernel_size": 2, "crop_size": (7, 7, 7)}

    assert len(sizes_fit_network(model(**fields))) == 3


def test_the_stride_that_is_derived_is_what_the_network_gives():
    stated = {"image_channels": ["ct"], "ground_truth_ids": ["liver"], "crop_size": (40, 64, 50)}

    assert model(**BASIC, **stated).derive().inference_stride_size == (12, 36, 22)


@given(
    depth=st.integers(1, 5),
    kernel=st.sampled_from([1, 3, 5]),
    architecture=st.sampled_from(list(Architecture)),
    blocks=st.integers(1, 4),
)
def test_the_smallest_size_is_taken_and_no_smaller_one(depth, kernel, architecture, blocks):
    sizes = sizes_of(architecture, kernel_size=kernel, num_downsampling_paths=depth)
    size = [
        least + blocks * step for least, step in zip(sizes.minimum, sizes.multiple, strict=True)
    ]

    assert sizes.takes(sizes.minimum) and sizes.takes(size)
    assert min(sizes.output_size(sizes.minimum)) >= 1
    for axis, least in enumerate(sizes.minimum):
        smaller = [*size[:axis], least - 1, *size[axis + 1 :]]
        assert not sizes.takes(smaller)


@pytest.mark.parametrize(
    ("crop", "multiple", "minimum", "is_taken"),
    [
        ((9, 10, 11), (1, 1, 1), (5, 6, 7), True),
        ((3, 4, 5), (3, 4, 5), (1, 1, 1), True),
        ((3, 4, 5), (2, 2, 2), (1, 1, 1), False),
        ((16, 16, 200), (16, 16, 16), (1, 1, 1), False),
        ((10, 20, 30), (10, 10, 10), (20, 20, 20), False),
    ],
)
def test_sizes_are_multiples_and_large_enough(crop, multiple, minimum, is_taken):
    assert NetworkSizes(multiple, minimum).takes(crop) is is_taken


def test_a_mixture_needs_parts_other_than_mixtures():
    assert mixture_is_complete(model(loss_type="Mixture")) == [
        "loss_type 'Mixture' needs mixture_loss_components."
    ]
    parts = [(1.0, "Mixture", None), (1.0, "Focal", 0.5)]
    (said,) = mixture_is_complete(model(loss_type="Mixture", mixture_loss_components=parts))
    assert "must not hold a 'Mixture'" in said
