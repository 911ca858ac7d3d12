"""How are crops blurred at random?"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

# Beyond so many standard deviations a Gaussian is below a hundredth of its middle.
RADIUS_IN_SIGMAS = 3.0


def draw_blur(
    generator: np.random.Generator,
    *,
    random_blur: tuple[float, float],
    augmentation_probability: float,
) -> float:
    """Return the sigma, in voxels, of one crop's blur, evenly from low to high; 0 for none.

    It happens with the given probability. Always takes two numbers from the generator.
    """
    is_blurred = generator.random() < augmentation_probability
    sigma = float(generator.uniform(*random_blur))
    return sigma if is_blurred else 0.0


def apply_blur(images: Tensor, *, sigmas: Sequence[float]) -> Tensor:
    """Return images (B, C, Z, Y, X) after a Gaussian blur of one sigma, in voxels, per crop.

    Beyond the border lie the border values. A sigma of 0 leaves a crop as it is, bit for bit.
    Raises ValueError where the numbers of crops and sigmas differ.
    """
    if len(images) != len(sigmas):
        raise ValueError(f"One sigma is needed for each crop; got {len(images)} and {len(sigmas)}.")
    if not any(sigmas):
        return images
    blurred = images.clone()
    for crop, sigma in enumerate(sigmas):
        if sigma > 0.0:
            blurred[crop] = _blurred(images[crop], sigma)
    return blurred


def _blurred(image: Tensor, sigma: float) -> Tensor:
    """Return one crop (C, Z, Y, X), blurred along one axis after the other."""
    radius = max(1, round(RADIUS_IN_SIGMAS * sigma))
    places = torch.arange(-radius, radius + 1, dtype=torch.float64)
    weights = torch.exp(-0.5 * (places / sigma) ** 2)
    weights = (weights / weights.sum()).to(image.device, image.dtype)
    volumes = image.unsqueeze(1)
    for axis in range(3):
        shape = [1, 1, 1, 1, 1]
        shape[2 + axis] = -1
        sides = [0] * 6
        # torch pads the last axis first.
        sides[4 - 2 * axis] = sides[5 - 2 * axis] = radius
        padded = functional.pad(volumes, sides, mode="replicate")
        volumes = functional.conv3d(padded, weights.view(shape))
    return volumes.squeeze(1)
