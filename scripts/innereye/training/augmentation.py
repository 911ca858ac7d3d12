"""How is each crop changed at random? Drawn where crops are cut, applied where the network runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from innereye.transforms.affine import draw_affine
from innereye.transforms.blur import apply_blur, draw_blur
from innereye.transforms.elastic import draw_elastic
from innereye.transforms.flip import draw_flip
from innereye.transforms.intensity import IntensityParameters, apply_intensity, draw_intensity
from innereye.transforms.warp import Volumes, WarpParameters, apply_warp

Triple = tuple[float, float, float]
Range = tuple[float, float]


@dataclass(frozen=True)
class CropChange:
    """What happens to one crop: it moves, is blurred (sigma in voxels), and its grey values change."""

    warp: WarpParameters
    intensity: IntensityParameters
    blur_sigma: float


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
    random_elastic_mm: float
    random_elastic_smoothness_mm: float
    random_flip_axes: Sequence[str]
    random_blur: Range
    augmentation_probability: float
    output_range: Range
    check_exclusive: bool

    def draw(self, generator: np.random.Generator) -> CropChange:
        """Return the change of one crop."""
        low, high = self.output_range
        probability = self.augmentation_probability
        affine = draw_affine(
            generator,
            random_rotation_degrees=self.random_rotation_degrees,
            random_scaling=self.random_scaling,
            augmentation_probability=probability,
        )
        intensity = draw_intensity(
            generator,
            random_brightness=self.random_brightness * (high - low),
            random_contrast=self.random_contrast,
            random_gamma=self.random_gamma,
            random_noise_std=self.random_noise_std * (high - low),
            augmentation_probability=probability,
        )
        # Each further kind has a generator of its own: it changes the draws of no other.
        for_elastic, for_flip, for_blur = generator.spawn(3)
        elastic = draw_elastic(
            for_elastic,
            random_elastic_mm=self.random_elastic_mm,
            random_elastic_smoothness_mm=self.random_elastic_smoothness_mm,
            augmentation_probability=probability,
        )
        flip_axes = draw_flip(
            for_flip, random_flip_axes=self.random_flip_axes, augmentation_probability=probability
        )
        blur_sigma = draw_blur(
            for_blur, random_blur=self.random_blur, augmentation_probability=probability
        )
        return CropChange(WarpParameters(affine, elastic, flip_axes), intensity, blur_sigma)

    def apply(
        self,
        volumes: Volumes,
        *,
        changes: Sequence[CropChange],
        spacings_zyx_mm: Sequence[Triple],
    ) -> Volumes:
        """Return the batch after one change per crop; blur comes before noise."""
        moved = apply_warp(
            volumes,
            parameters=[change.warp for change in changes],
            spacings_zyx_mm=spacings_zyx_mm,
            exclusive=self.check_exclusive,
        )
        images = apply_blur(moved.images, sigmas=[change.blur_sigma for change in changes])
        images = apply_intensity(
            images,
            parameters=[change.intensity for change in changes],
            output_range=self.output_range,
        )
        return replace(moved, images=images)
