"""Which class has each voxel, and how sure is the network of it?"""

import numpy as np

TOLERANCE = 1e-6  # posteriors may leave [0, 1] by this much through rounding
SUM_TOLERANCE = 1e-4  # float32 sums over some tens of classes


def segment_posteriors(posteriors: np.ndarray) -> np.ndarray:
    """Return the class of the highest posterior, uint8 (Z, Y, X); ties go to the lowest class."""
    best = posteriors[0].copy()
    segmentation = np.zeros(best.shape, dtype=np.uint8)
    # Class by class: numpy's argmax would make 8 bytes per voxel and walk across the arrays.
    for index, posterior in enumerate(posteriors[1:], start=1):
        higher = posterior > best
        np.copyto(segmentation, index, where=higher, casting="unsafe")
        np.copyto(best, posterior, where=higher)
    return segmentation


def uncertainty(posteriors: np.ndarray) -> np.ndarray:
    """Return the entropy of the posteriors (K, Z, Y, X) in [0, 1], float32 (Z, Y, X).

    -sum_k p_k log(p_k) / log(K), where 0 log 0 = 0: 0 where one class is certain, 1 where all are
    equal.
    """
    entropy = np.zeros(posteriors.shape[1:], dtype=np.float32)
    smallest = np.finfo(np.float32).tiny
    for posterior in posteriors:
        entropy -= posterior * np.log(np.maximum(posterior, smallest))
    entropy /= np.float32(np.log(len(posteriors)))
    return np.clip(entropy, 0, 1, out=entropy)


def count_bad_voxels(posteriors: np.ndarray) -> int:
    """Count the voxels whose posteriors (K, Z, Y, X) are not numbers in [0, 1] that sum to 1."""
    total = np.zeros(posteriors.shape[1:], dtype=np.float32)
    lowest = np.full(posteriors.shape[1:], 0, dtype=np.float32)
    for posterior in posteriors:
        total += posterior
        np.minimum(lowest, posterior, out=lowest)
    # Comparisons with NaN are false, so this counts NaN and infinity as well.
    good = (np.abs(total - 1) <= SUM_TOLERANCE) & (lowest >= -TOLERANCE)
    return good.size - int(np.count_nonzero(good))


def to_bytes(values: np.ndarray) -> np.ndarray:
    """Return values in [0, 1] as uint8: 255 times the value, truncated, so that 0.5 gives 127.

    Means of many windows exceed 1 by rounding, by no more than sums over the classes may.

    Raises:
        ValueError: a value is not a number, or lies outside [0, 1].
    """
    lowest, highest = float(values.min(initial=0)), float(values.max(initial=0))
    if not (lowest >= -TOLERANCE and highest <= 1 + SUM_TOLERANCE):
        raise ValueError(f"Values from {lowest} to {highest} came; from 0 to 1 are allowed.")
    scaled = np.multiply(values, 255, dtype=np.float32)
    return np.clip(scaled, 0, 255, out=scaled).astype(np.uint8)
