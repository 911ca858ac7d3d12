"""How is each crop changed at random? Drawn where crops are cut, applied where the network runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from innereye.transforms.affine import AffineParameters, apply_affine, draw_affine
from innereye.transforms.intensity import IntensityParameters, apply_intensity, draw_intensity

Triple = tuple[float, float, float]
Range = tuple[float, float]


@dataclass(frozen=True)
class CropChange:
    """What happens to one crop."""

    affine: AffineParameters
    intensity: IntensityParameters


@dataclass(frozen=True)
class Augmentation:
    """The AugmentationFields, and the two fields that say what they act on.

    `random_brightness` and `random_noise_std` are shares of the width of `output_range`.
    """

    random_rotation_degrees: Triple
    random_scaling: Range
    random_brightness: float
    random_contrast: Range
    random_gamma: Range
    random_noise_std: float
    augmentation_probability: float
    output_range: Range
    check_exclusive: bool

    def draw(self, generator: np.random.Generator) -> CropChange:
        """Return the change of one crop."""
        low, high = self.output_range
        return CropChange(
            affine=draw_affine(
                generator,
                random_rotation_degrees=self.random_rotation_degrees,
                random_scaling=self.random_scaling,
                augmentation_probability=self.augmentation_probability,
            ),
            intensity=draw_intensity(
                generator,
                random_brightness=self.random_brightness * (high - low),
                random_contrast=self.random_contrast,
                random_gamma=self.random_gamma,
                random_noise_std=self.random_noise_std * (high - low),
                augmentation_probability=self.augmentation_probability,
            ),
        )

    def apply(
        self,
        images: Tensor,
        target: Tensor,
        *,
        changes: Sequence[CropChange],
        spacings_zyx_mm: Sequence[Triple],
    ) -> tuple[Tensor, Tensor]:
        """Return images (B, C, Z, Y, X) and one-hot target (B, K, Z, Y, X) after the changes."""
        images, target = apply_affine(
            images,
            target,
            parameters=[change.affine for change in changes],
            spacings_zyx_mm=spacings_zyx_mm,
            exclusive=self.check_exclusive,
        )
        images = apply_intensity(
            images,
            parameters=[change.intensity for change in changes],
            output_range=self.output_range,
        )
        return images, target
