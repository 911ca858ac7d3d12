"""Where do results lie? Posteriors of a resampled image, brought back to the grid of its file."""

import numpy as np

from innereye.data.resampling import resample_posterior
from innereye.data.sample import Sample


def on_own_grid(posterior: np.ndarray, class_index: int, sample: Sample) -> np.ndarray:
    """Return the posterior (Z, Y, X) of one class on the grid of the subject's files, float32.

    Outside of the mask of the files background, class 0, is 1. A sample that was not resampled gives
    back what came. Classes are brought back one by one; together they still sum to 1.
    """
    if sample.own is None:
        return posterior
    result = resample_posterior(posterior, sample.geometry, sample.own.geometry)
    if sample.own.mask is not None:
        result[sample.own.mask == 0] = float(class_index == 0)
    return result
