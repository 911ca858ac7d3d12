"""How are posteriors smoothed?"""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

# The filter ends at so many standard deviations, and mirrors the volume at its border.
TRUNCATE = 4.0


def smooth(
    posterior: np.ndarray, sigma_zyx_mm: Sequence[float], spacing_zyx_mm: Sequence[float]
) -> np.ndarray:
    """Return a posterior (Z, Y, X), float32, behind a Gaussian whose standard deviation is in mm.

    The weights are at least 0 and sum to 1, so that the posteriors of all classes still sum to 1.
    """
    sigma = [mm / step for mm, step in zip(sigma_zyx_mm, spacing_zyx_mm, strict=True)]
    return ndimage.gaussian_filter(
        posterior, sigma, output=np.float32, mode="reflect", truncate=TRUNCATE
    )
