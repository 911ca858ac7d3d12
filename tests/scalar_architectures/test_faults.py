"""Faults of a scalar network's numbers: each is named, near misses pass."""

import re
from dataclasses import replace

import pytest

from innereye.scalar_architectures.faults import image_size_fault, scalar_shape_faults
from innereye.scalar_architectures.shape import ScalarShape
from innereye.scalar_names import ScalarArchitecture

MLP_ENCODER = ScalarShape(architecture="ImageEncoderWithMlp")


@pytest.mark.parametrize("architecture", list(ScalarArchitecture))
def test_every_architecture_has_faultless_defaults(architecture):
    is_tabular = architecture == ScalarArchitecture.MLP
    is_single = architecture == ScalarArchitecture.SINGLE_CONVOLUTION
    shape = ScalarShape(
        architecture=architecture,
        num_features=int(is_tabular),
        num_image_channels=int(not is_tabular),
        image_size=(4, 5, 7) if is_single else None,
    )

    assert scalar_shape_faults(shape) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"architecture": "ResNet"}, "architecture must be one of ResidualEncoder, .*'ResNet'"),
        ({"aggregation_type": "Mean"}, "aggregation_type must be one of Average, .*; got 'Mean'"),
        ({"imaging_feature_type": "Both"}, "imaging_feature_type must be one of Image, .*'Both'"),
        ({"num_image_channels": 0}, "num_image_channels must be at least 1; got 0"),
        ({"num_targets": 0}, "num_targets must be at least 1; got 0"),
        ({"num_features": -1}, "num_features must be at least 0; got -1"),
        ({"initial_feature_channels": 0}, "initial_feature_channels must be at least 1; got 0"),
        ({"num_encoder_blocks": 1}, "num_encoder_blocks must be at least 2 for ImageEncoderWith"),
        ({"mlp_dropout": 1.0}, r"mlp_dropout must lie in \[0, 1\); got 1.0"),
        ({"encoder_dimensionality_reduction_factor": 0}, "reduction_factor must lie above 0"),
        ({"image_size": (0, 95, 95)}, "image_size needs three numbers above 0; got 0,95,95"),
        (
            {"kernel_size_per_encoding_block": [(1, 3, 3)] * 4},
            r"kernel_size_per_encoding_block needs one size .*, or 5, one a block; got 4",
        ),
        ({"stride_size_per_encoding_block": (1, 0, 2)}, "stride_size_.* at least 1; got 1,0,2"),
        (
            {"kernel_size_per_encoding_block": (1, 2, 3), "zero_padding": True},
            "must be odd with zero_padding; got 2",
        ),
        ({"image_size": (9, 90, 91)}, r"Images of size 9,90,91 .* \(Z, Y, X\) is 1,91,91"),
        ({"aggregation_type": "Gated"}, "aggregation_type Gated needs image_size, the one size"),
        ({"architecture": "SingleConvolution"}, "SingleConvolution needs image_size"),
        ({"architecture": "ResNet50", "image_size": (3, 64, 64)}, "2D images; got the size 3,64"),
        ({"architecture": "Mlp"}, "num_features must be at least 1; got 0"),
    ],
)
def test_a_fault_is_named(change, sentence):
    (fault,) = scalar_shape_faults(replace(MLP_ENCODER, **change))

    assert re.search(sentence, fault), fault


@pytest.mark.parametrize(
    "change",
    [
        {"image_size": (1, 91, 91)},
        {"num_encoder_blocks": 2},
        {"mlp_dropout": 0.0},
        {"encoder_dimensionality_reduction_factor": 1.0},
        {"kernel_size_per_encoding_block": [(1, 3, 3)] * 5},
        {"kernel_size_per_encoding_block": (1, 2, 3)},
        {"image_size": (1, 9, 9), "zero_padding": True},
        {"aggregation_type": "Gated", "image_size": (1, 91, 91)},
        {"architecture": "ResNet50", "aggregation_type": "Gated"},
    ],
)
def test_near_misses_pass(change):
    assert scalar_shape_faults(replace(MLP_ENCODER, **change)) == []


def test_a_network_made_for_one_size_takes_no_other():
    gated = replace(MLP_ENCODER, aggregation_type="Gated", image_size=(1, 91, 91))

    assert image_size_fault(gated, (1, 91, 91)) is None
    assert "made for images of size 1,91,91; got 1,91,92" in str(
        image_size_fault(gated, (1, 91, 92))
    )
    assert image_size_fault(replace(MLP_ENCODER, image_size=(1, 91, 91)), (1, 91, 92)) is None
