"""What are the choices of scalar models called? Networks, what they look at, poolings and losses."""

from enum import StrEnum


class ScalarArchitecture(StrEnum):
    """Network of a scalar model."""

    RESIDUAL_ENCODER = "ResidualEncoder"
    IMAGE_ENCODER_WITH_MLP = "ImageEncoderWithMlp"
    PLAIN_ENCODER = "PlainEncoder"
    SINGLE_CONVOLUTION = "SingleConvolution"
    RESNET50 = "ResNet50"
    MLP = "Mlp"


class ImagingFeatureType(StrEnum):
    """What an encoder looks at."""

    IMAGE = "Image"
    SEGMENTATION = "Segmentation"
    IMAGE_AND_SEGMENTATION = "ImageAndSegmentation"


class AggregationType(StrEnum):
    """How the features of all places of an image become one number a channel."""

    AVERAGE = "Average"
    MAX = "Max"
    MIX = "Mix"
    GATED = "Gated"
    ADAPTIVE_3D_AVERAGE = "Adaptive3dAverage"


class ScalarLoss(StrEnum):
    """Loss of a scalar model; it also says whether the model classifies."""

    BINARY_CROSS_ENTROPY = "BinaryCrossEntropyWithLogits"
    WEIGHTED_CROSS_ENTROPY = "WeightedCrossEntropyWithLogits"
    EXCLUSIVE_CROSS_ENTROPY = "ExclusiveCrossEntropyWithLogits"
    MEAN_SQUARED_ERROR = "MeanSquaredError"
    CUSTOM_CLASSIFICATION = "CustomClassification"
    CUSTOM_REGRESSION = "CustomRegression"
