"""How are the intensities of crops changed at random?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

Range = tuple[float, float]


@dataclass(frozen=True)
class IntensityParameters:
    """A gamma curve, then contrast, then brightness, then noise; without effect as they stand."""

    gamma: float = 1.0
    contrast: float = 1.0
    brightness: float = 0.0
    noise_std: float = 0.0
    noise_seed: int = 0

    def is_identity(self) -> bool:
        """Say whether no value changes."""
        is_curve_flat = self.gamma == 1.0 and self.contrast == 1.0
        return is_curve_flat and self.brightness == 0.0 and self.noise_std == 0.0


def draw_intensity(
    generator: np.random.Generator,
    *,
    random_brightness: float,
    random_contrast: Range,
    random_gamma: Range,
    random_noise_std: float,
    augmentation_probability: float,
) -> IntensityParameters:
    """Return the change of one crop: each of the four kinds happens with the given probability.

    Brightness comes evenly from -max to max, the noise's standard deviation from 0 to max, contrast
    and gamma from low to high. Always takes nine numbers from the generator, so that no field
    changes the draws of another.
    """
    has_gamma, has_contrast, has_brightness, has_noise = (
        generator.random(4) < augmentation_probability
    )
    gamma = float(generator.uniform(*random_gamma))
    contrast = float(generator.uniform(*random_contrast))
    brightness = float(generator.uniform(-random_brightness, random_brightness))
    noise_std = float(generator.uniform(0.0, random_noise_std))
    noise_seed = int(generator.integers(2**62))
    return IntensityParameters(
        gamma=gamma if has_gamma else 1.0,
        contrast=contrast if has_contrast else 1.0,
        brightness=brightness if has_brightness else 0.0,
        noise_std=noise_std if has_noise else 0.0,
        noise_seed=noise_seed,
    )


def apply_intensity(
    images: Tensor, *, parameters: Sequence[IntensityParameters], output_range: Range
) -> Tensor:
    """Return images (B, C, Z, Y, X) after one change per crop; unchanged crops stay bit for bit.

    `output_range` is that of the photometric normalisation. Brightness and noise are in units of the
    image. No value leaves the output range, or the range of its channel in the crop where that
    is wider. The result for a crop does not depend on the others. Raises ValueError where the
    numbers differ.
    """
    if len(images) != len(parameters):
        raise ValueError(
            f"One change is needed for each crop; got {len(images)} and {len(parameters)}."
        )
    if all(change.is_identity() for change in parameters):
        return images
    changed = images.clone()
    for crop, change in enumerate(parameters):
        if not change.is_identity():
            changed[crop] = _change(images[crop], change, output_range)
    return changed


def _change(image: Tensor, change: IntensityParameters, output_range: Range) -> Tensor:
    """Return one crop (C, Z, Y, X) after its change."""
    low, high = output_range
    lowest = image.amin(dim=(1, 2, 3), keepdim=True).clamp(max=low)
    highest = image.amax(dim=(1, 2, 3), keepdim=True).clamp(min=high)
    values = image
    if change.gamma != 1.0:
        share = (values - low) / (high - low)
        # Values beyond the range (norm_method 'None' leaves some) lie beyond the curve: they stay.
        curved = share.clamp(0.0, 1.0).pow(change.gamma) * (high - low) + low
        values = torch.where((share > 0.0) & (share < 1.0), curved, values)
    if change.contrast != 1.0:
        mean = values.mean(dim=(1, 2, 3), keepdim=True)
        values = (values - mean) * change.contrast + mean
    if change.brightness != 0.0:
        values = values + change.brightness
    if change.noise_std != 0.0:
        values = values + change.noise_std * _noise_like(values, change.noise_seed)
    return torch.minimum(torch.maximum(values, lowest), highest)


def _noise_like(values: Tensor, seed: int) -> Tensor:
    """Return standard normal noise from a generator of its own."""
    generator = torch.Generator(device=values.device).manual_seed(seed)
    return torch.randn(values.shape, generator=generator, device=values.device, dtype=values.dtype)
