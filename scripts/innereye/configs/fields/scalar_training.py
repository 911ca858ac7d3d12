"""What does a scalar model minimise, and how are its images changed while it is trained?"""

from typing import Annotated

from innereye.configs.fields.base import Fields
from innereye.configs.readers import Form, choice_of, choices
from innereye.configs.values import (
    ITEMS,
    Angles,
    FlipAxes,
    Probability,
    Range,
    RealFromZero,
)
from innereye.scalar_names import ScalarLoss

REGRESSIONS = frozenset({ScalarLoss.MEAN_SQUARED_ERROR, ScalarLoss.CUSTOM_REGRESSION})
CUSTOM = frozenset({ScalarLoss.CUSTOM_CLASSIFICATION, ScalarLoss.CUSTOM_REGRESSION})

Shares = Annotated[
    tuple[RealFromZero, RealFromZero, RealFromZero],
    ITEMS,
    Form("three shares of at least 0 in the order z,y,x, such as 0,0.1,0.1"),
]


class ScalarLossFields(Fields):
    """The loss of a scalar model."""

    loss_type: Annotated[ScalarLoss, choice_of(ScalarLoss), choices(ScalarLoss)] = (
        ScalarLoss.BINARY_CROSS_ENTROPY
    )
    """Loss between outputs and labels; it also says whether the model classifies."""
    label_smoothing_eps: Probability = 0.0
    """Share by which labels of 0 and 1 are moved towards each other."""

    @property
    def is_regression(self) -> bool:
        """Are the outputs values, and no posteriors?"""
        return self.loss_type in REGRESSIONS

    @property
    def is_exclusive(self) -> bool:
        """Has each item exactly one of the classes?"""
        return self.loss_type == ScalarLoss.EXCLUSIVE_CROSS_ENTROPY


class ScalarAugmentationFields(Fields):
    """How whole images are changed at random during training; the defaults change nothing."""

    random_rotation_degrees: Angles = (0.0, 0.0, 0.0)
    """Largest rotation about each axis."""
    random_scaling: Range = (1.0, 1.0)
    """Smallest and largest zoom."""
    random_shift: Shares = (0.0, 0.0, 0.0)
    """Largest shift along each axis, as a share of the image's size."""
    random_flip_axes: FlipAxes = []
    """Axes along which images are mirrored, each with a chance of half."""
    random_brightness: RealFromZero = 0.0
    """Largest shift of the grey values, as a share of the range of the image."""
    random_contrast: Range = (1.0, 1.0)
    """Smallest and largest factor of the contrast."""
    random_gamma: Range = (1.0, 1.0)
    """Smallest and largest exponent of the grey values."""
    random_noise_std: RealFromZero = 0.0
    """Largest standard deviation of added noise, as a share of the range of the image."""
    augmentation_probability: Probability = 1.0
    """Chance of each kind of change for each image."""
