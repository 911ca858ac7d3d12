"""Where would the crops of a training lie? How often each voxel of a subject is in one of many."""

from collections.abc import Sequence

import numpy as np

from innereye.data.crops import crop_slices, draw_centre, find_candidates
from innereye.data.sample import Sample
from innereye.errors import ImageError


def count_crops(
    sample: Sample,
    *,
    crop_size: Sequence[int],
    class_weights: Sequence[float] | None,
    num_crops: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return in how many of `num_crops` drawn crops each voxel lies, uint16 (Z, Y, X).

    The crops are drawn as those of a training are. The sample has labels and is no smaller than one.

    Raises:
        ConfigError: the weights do not fit the classes, or the crop not the image.
        ImageError: a crop cannot be centred anywhere.
    """
    if sample.labels is None:
        raise ValueError(f"Subject {sample.subject} was loaded without labels.")
    size = sample.image.shape[1:]
    counts = np.zeros(size, np.uint16)
    try:
        candidates = find_candidates(sample.labels, sample.mask)
        for _ in range(num_crops):
            centre = draw_centre(candidates, class_weights, generator)
            counts[crop_slices(centre, crop_size, size)] += 1
    except ImageError as error:
        raise ImageError(f"Subject {sample.subject}: {error}") from None
    return counts
