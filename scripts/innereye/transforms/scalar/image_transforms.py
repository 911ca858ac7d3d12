"""Which transforms of slices [Z, C, H, W] does the original bring besides torchvision's?

All draw from torch's global generator, as torchvision's do, and leave what they are given as it is.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from innereye.errors import ConfigError

COLOUR_CHANNELS = 3


@dataclass(frozen=True)
class RandomGamma:
    """The intensities to the power of one gamma, drawn evenly from `scale` (low, high).

    Intensities are from 0 to 1; what lies outside is moved to the nearer end first.
    """

    scale: tuple[float, float]

    def __post_init__(self) -> None:
        low, high = self.scale
        _need(0.0 < low <= high, f"RandomGamma.scale needs 0 < low <= high; got {self.scale}.")

    def __call__(self, image: Tensor) -> Tensor:
        """Return slices [Z, C, H, W], all of them after the same curve."""
        _need(
            image.ndim == 4 and image.is_floating_point(),
            "RandomGamma needs an image [Z, C, H, W] of floating-point numbers; "
            f"got the shape {tuple(image.shape)} and {image.dtype}.",
        )
        return image.clamp(0.0, 1.0).pow(_uniform(*self.scale))


@dataclass(frozen=True)
class ExpandChannels:
    """One channel three times: for networks that expect colours."""

    def __call__(self, image: Tensor) -> Tensor:
        """Return slices [Z, 3, H, W] of slices [Z, 1, H, W]; ConfigError for other shapes."""
        _need(
            image.ndim == 4 and image.shape[1] == 1,
            f"ExpandChannels needs an image [Z, 1, H, W]; got the shape {tuple(image.shape)}.",
        )
        return image.repeat(1, COLOUR_CHANNELS, 1, 1)


@dataclass(frozen=True)
class AddGaussianNoise:
    """Normal noise of standard deviation `std`, with the probability `p_apply`.

    One pattern (H, W) is added to all slices and channels; no value leaves the range of the image.
    """

    p_apply: float
    std: float

    def __post_init__(self) -> None:
        _need_probability("AddGaussianNoise", self.p_apply)
        _need(self.std >= 0.0, f"AddGaussianNoise.std needs a number from 0; got {self.std}.")

    def __call__(self, image: Tensor) -> Tensor:
        """Return slices [..., H, W] with noise, or as they are."""
        if _uniform(0.0, 1.0) >= self.p_apply:
            return image
        noise = torch.randn(image.shape[-2:], dtype=image.dtype) * self.std
        lowest, highest = image.min(), image.max()
        return (image + noise).clamp(lowest, highest)


@dataclass(frozen=True)
class ElasticTransform:
    """Bend each slice alike, with the probability `p_apply`, as in Simard and others (2003).

    Each pixel shows what lies at a shift of `alpha` times noise from -1 to 1 that a Gaussian of
    `sigma` pixels has smoothed. Between pixels it is linear; beyond the border it is mirrored.
    """

    sigma: float
    alpha: float
    p_apply: float

    def __post_init__(self) -> None:
        _need_probability("ElasticTransform", self.p_apply)
        _need(self.sigma >= 0.0, f"ElasticTransform.sigma needs a number from 0; got {self.sigma}.")

    def __call__(self, image: Tensor) -> Tensor:
        """Return slices [Z, C, H, W], bent or as they are."""
        _need(
            image.ndim == 4,
            f"ElasticTransform needs an image [Z, C, H, W]; got the shape {tuple(image.shape)}.",
        )
        if _uniform(0.0, 1.0) >= self.p_apply:
            return image
        size = np.array(image.shape[-2:])
        noise = torch.rand((2, *image.shape[-2:]), dtype=torch.float64).numpy() * 2.0 - 1.0
        # X before Y, as the places of grid_sample.
        shifts_xy = [self.alpha * ndimage.gaussian_filter(each, self.sigma) for each in noise]
        y, x = np.indices(image.shape[-2:])
        places = np.stack([x + shifts_xy[0], y + shifts_xy[1]], axis=-1)
        grid = torch.from_numpy((2.0 * places + 1.0) / size[::-1] - 1.0).to(image.dtype)
        return functional.grid_sample(
            image,
            grid.expand(len(image), -1, -1, -1),
            padding_mode="reflection",
            align_corners=False,
        )


def _uniform(low: float, high: float) -> float:
    """Return a number of torch's global generator, evenly from low to high."""
    return low + (high - low) * float(torch.rand(1, dtype=torch.float64))


def _need_probability(transform: str, p_apply: float) -> None:
    _need(
        0.0 <= p_apply <= 1.0,
        f"{transform}.p_apply needs a probability from 0 to 1; got {p_apply}.",
    )


def _need(condition: bool, sentence: str) -> None:
    if not condition:
        raise ConfigError(sentence)
