"""How are the intensities of a full image brought into the range that a network expects?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innereye.errors import ImageError
from innereye.names import NormMethod

# Interquartile range of a normal distribution, in standard deviations.
LARGEST_GAIN = 1e30
QUARTILES_APART = 2 * 0.67448975
OTSU_BINS = 256


@dataclass(frozen=True)
class Normalisation:
    """A method and its parameters; those of other methods have no effect."""

    norm_method: NormMethod = NormMethod.CT_WINDOW
    window: float = 600
    level: float = 50
    output_range: tuple[float, float] = (-1.0, 1.0)
    tail: float | Sequence[float] | None = None
    sharpen: float = 0.9
    trim_percentiles: tuple[float, float] = (1.0, 99.0)


def normalise(
    image: np.ndarray, normalisation: Normalisation, mask: np.ndarray | None = None
) -> np.ndarray:
    """Return the image, (C, Z, Y, X) or (Z, Y, X), normalised as float32; the input is left alone.

    `mask`, (Z, Y, X), says where the statistics of Simple Norm and Trimmed Norm are taken.

    Raises:
        ImageError: a voxel is not finite, or the mask is empty.
    """
    if not np.isfinite(image).all():
        bad = image[~np.isfinite(image)]
        raise ImageError(f"{bad.size} voxels are not finite: {bad[:10].tolist()}.")
    inside = None if mask is None else np.asarray(mask) > 0.5
    if inside is not None and not inside.any() and normalisation.norm_method in MASKED:
        raise ImageError(f"The mask is empty; {normalisation.norm_method} needs voxels in it.")
    channels = image if image.ndim == 4 else image[np.newaxis]
    result = np.empty(channels.shape, np.float32)
    for index, channel in enumerate(channels):
        result[index] = _normalise_channel(channel, normalisation, inside, index)
    return result.reshape(image.shape)


MASKED = frozenset({NormMethod.SIMPLE, NormMethod.TRIMMED})


def intensity_limits(
    channel: np.ndarray, normalisation: Normalisation, inside: np.ndarray | None, index: int
) -> tuple[float, float] | None:
    """Return the intensities of a channel (Z, Y, X) that become the two ends of the output range.

    `inside` is the mask as bool or None, `index` the place of the channel in the image. None for the
    methods that clip nothing. CT Window: level -/+ window / 2.
    """
    match normalisation.norm_method:
        case NormMethod.CT_WINDOW:
            half = normalisation.window / 2
            return normalisation.level - half, normalisation.level + half
        case NormMethod.MRI_WINDOW:
            return _mri_limits(channel, normalisation.sharpen, _tail(normalisation.tail, index))
        case NormMethod.TRIMMED:
            return _trimmed_limits(channel, normalisation, inside)
        case NormMethod.UNCHANGED | NormMethod.SIMPLE:
            return None


def _normalise_channel(
    channel: np.ndarray, normalisation: Normalisation, inside: np.ndarray | None, index: int
) -> np.ndarray:
    limits = intensity_limits(channel, normalisation, inside, index)
    if limits is None:
        return (
            _simple(channel, inside) if normalisation.norm_method == NormMethod.SIMPLE else channel
        )
    mapped = _linear(channel, limits, normalisation.output_range)
    if normalisation.norm_method == NormMethod.TRIMMED and inside is not None:
        return np.where(inside, mapped, np.float32(normalisation.output_range[0]))
    return mapped


def _linear(
    channel: np.ndarray, limits: tuple[float, float], output: tuple[float, float]
) -> np.ndarray:
    """Map `limits` (a, b) to `output` (o0, o1) and clip: x g + (o1 - g b), g = (o1 - o0) / (b - a).

    Limits without width are a step: o1 above them, o0 below.
    """
    if limits[1] <= limits[0]:
        return np.where(channel > limits[1], np.float32(output[1]), np.float32(output[0]))
    gain = (output[1] - output[0]) / (limits[1] - limits[0])
    # Grey values that hardly differ: their products leave what 32 bits can hold.
    kind = np.float32 if gain < LARGEST_GAIN else np.float64
    result = np.multiply(channel, kind(gain), dtype=kind)
    result += kind(output[1] - gain * limits[1])
    np.clip(result, kind(output[0]), kind(output[1]), out=result)
    return result.astype(np.float32, copy=False)


def _simple(channel: np.ndarray, inside: np.ndarray | None) -> np.ndarray:
    """Return (x - mean) / std, both of the voxels inside; nothing is clipped.

    The deviation is that of the population (/ n); a constant image becomes 0.
    """
    values = channel if inside is None else channel[inside]
    mean, spread = values.mean(dtype=np.float64), values.std(dtype=np.float64)
    return (channel - mean) / (spread if spread > 0 else 1.0)


def _tail(tail: float | Sequence[float] | None, index: int) -> float:
    if tail is None:
        raise ValueError(f"{NormMethod.MRI_WINDOW} needs a tail.")
    return float(tail[index]) if isinstance(tail, Sequence) else float(tail)


def _mri_limits(channel: np.ndarray, sharpen: float, tail: float) -> tuple[float, float]:
    """Return a window around the median m of the voxels above Otsu's threshold t.

    From max(m - sharpen s, t) to min(m + tail sharpen s, the highest voxel), s being their deviation
    from the quartiles. What lies below the threshold lies below the window, and so becomes the lowest
    output. The mask has no part in it, as in InnerEye, whose threshold parts the body from the air.
    """
    threshold = otsu_threshold(channel)
    above = channel[channel > threshold]
    if above.size == 0:
        return threshold, threshold
    median, spread = _median_and_spread(above)
    low = max(median - sharpen * spread, threshold)
    return low, min(float(above.max()), median + tail * sharpen * spread)


def _trimmed_limits(
    channel: np.ndarray, normalisation: Normalisation, inside: np.ndarray | None
) -> tuple[float, float]:
    """Return a window around the median m of the voxels inside, without the tails of the histogram.

    Voxels strictly between the two `trim_percentiles` are kept. From max(m - sharpen s, their lowest)
    to min(m + sharpen s, their highest), s being their deviation from the quartiles.
    """
    values = channel.ravel() if inside is None else channel[inside]
    low, high = np.percentile(values, normalisation.trim_percentiles, method="midpoint")
    kept = values[(values > low) & (values < high)]
    if kept.size == 0:
        return float(low), float(high)
    median, spread = _median_and_spread(kept)
    reach = normalisation.sharpen * spread
    return max(median - reach, float(kept.min())), min(median + reach, float(kept.max()))


def _median_and_spread(values: np.ndarray) -> tuple[float, float]:
    """Return the median and, from the quartiles, a normal distribution's deviation (q3 - q1) / 1.349."""
    q1, median, q3 = np.percentile(values, (25, 50, 75), method="midpoint").astype(np.float64)
    return float(median), float(q3 - q1) / QUARTILES_APART


def otsu_threshold(values: np.ndarray) -> float:
    """Return the threshold that parts values into two classes of greatest variance between them.

    N. Otsu, "A threshold selection method from gray-level histograms", 1979; on 256 bins.
    """
    lowest, highest = float(values.min()), float(values.max())
    if lowest == highest:
        return lowest
    if (highest - lowest) / OTSU_BINS < np.spacing(values.dtype.type(max(-lowest, highest))):
        return (lowest + highest) / 2  # there are fewer numbers between them than bins
    counts, edges = np.histogram(values, OTSU_BINS, (lowest, highest))
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = counts.sum() - below
    sums = np.cumsum(counts * centres)
    mean_below = sums[:-1] / below
    mean_above = (sums[-1] - sums[:-1]) / above
    between = below * above * (mean_below - mean_above) ** 2
    return float(centres[np.argmax(between)])
