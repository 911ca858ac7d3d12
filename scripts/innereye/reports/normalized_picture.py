"""What does a normalisation make of a scan? Histogram and slices, before and after."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from innereye.io.image import Geometry
from innereye.reports.figures import BLUE, GREY, RED, house_style, png_bytes

DPI = 100
ROW_INCHES = 2.8
HISTOGRAM_INCHES = 3.0
SLICE_INCHES = 2.1
GAP_INCHES = 0.15
LABELS_INCHES = 0.35
HEADING_INCHES = 0.45
TITLE_INCHES = 0.35
WIDTH_INCHES = 2 * LABELS_INCHES + HISTOGRAM_INCHES + 3 * (SLICE_INCHES + GAP_INCHES) + GAP_INCHES
FEWEST_BINS, MOST_BINS = 10, 100
# A histogram of every n-th voxel looks the same.
VOXELS_COUNTED = 2_000_000
# What is brighter or darker than nearly all voxels would squeeze the rest of the histogram.
SHOWN_PERCENT = (0.1, 99.9)
VIEWS = ("axial", "coronal", "sagittal")


@dataclass(frozen=True)
class NormalisedChannel:
    """A channel (Z, Y, X) before and after, and the intensities that became the ends of the range."""

    name: str
    before: np.ndarray
    after: np.ndarray
    limits: tuple[float, float] | None

    @property
    def clipped(self) -> tuple[float, float]:
        """The shares of voxels below and above the limits; 0 where nothing is clipped."""
        if self.limits is None:
            return 0.0, 0.0
        low, high = self.limits
        return float(np.mean(self.before < low)), float(np.mean(self.before > high))


def normalised_png(
    channels: list[NormalisedChannel],
    *,
    title: str,
    geometry: Geometry,
    output_range: tuple[float, float],
) -> bytes:
    """Return two rows per channel as PNG, before and after: histogram and three central slices."""
    rows = 2 * len(channels)
    with house_style():
        figure = Figure(figsize=(WIDTH_INCHES, rows * ROW_INCHES + TITLE_INCHES))
        figure.text(0.5, 1 - 0.5 * TITLE_INCHES / _height(figure), title, ha="center", va="center")
        for index, channel in enumerate(channels):
            limits, bins = channel.limits, _bins(channel.before)
            before, after = (_panels(figure, 2 * index + row) for row in range(2))
            shown = _shown(channel.before)
            heading = f"{channel.name} as stored{_clipped_in_words(channel)}"
            _draw_row(before, channel.before, shown, geometry, heading=heading, bins=bins(shown))
            for limit in limits or ():
                before[0].axvline(limit, color=RED, linewidth=1)
            before[0].set_xlim(*_with(shown, limits or shown))
            ends = output_range if limits else _shown(channel.after)
            heading = f"{channel.name} normalised"
            _draw_row(
                after, channel.after, ends, geometry, heading=heading, bins=bins(limits or shown)
            )
        return png_bytes(figure, DPI)


def central_slices(array: np.ndarray, geometry: Geometry) -> list[tuple[str, np.ndarray, float]]:
    """Return name, pixels and aspect of three slices through the middle, head and front up.

    The views are those of a scan whose axes are near the patient's (x left-right, y front-back, z
    along the body); slices of other scans are shown by their axes all the same.
    """
    z, y, x = (size // 2 for size in array.shape)
    depth, height, width = geometry.spacing_zyx_mm
    turned = tuple(
        slice(None, None, -1 if is_turned else 1)
        for is_turned in (
            geometry.direction[8] > 0,
            geometry.direction[4] < 0,
            geometry.direction[0] < 0,
        )
    )
    upright = array[turned]
    z, y, x = (
        size - 1 - middle if part.step == -1 else middle
        for size, middle, part in zip(array.shape, (z, y, x), turned, strict=True)
    )
    return [
        ("axial", upright[z], height / width),
        ("coronal", upright[:, y], depth / width),
        ("sagittal", upright[:, :, x], depth / height),
    ]


def _panels(figure: Figure, row: int) -> list[Axes]:
    """Return the axes of a row: places are fixed, as working them out takes longer than drawing."""
    height = _height(figure)
    bottom = height - TITLE_INCHES - (row + 1) * ROW_INCHES + LABELS_INCHES
    inner = ROW_INCHES - LABELS_INCHES - HEADING_INCHES
    panels: list[Axes] = []
    left = LABELS_INCHES * 2
    for width in (HISTOGRAM_INCHES, *[SLICE_INCHES] * len(VIEWS)):
        box = (left / WIDTH_INCHES, bottom / height, width / WIDTH_INCHES, inner / height)
        panels.append(figure.add_axes(box))
        left += width + GAP_INCHES
    return panels


def _height(figure: Figure) -> float:
    return float(figure.get_size_inches()[1])


def _draw_row(
    panels: list[Axes],
    array: np.ndarray,
    shown: tuple[float, float],
    geometry: Geometry,
    *,
    heading: str,
    bins: int,
) -> None:
    _draw_histogram(panels[0], array, shown, bins)
    panels[0].set_title(heading, loc="left")
    for axes, (name, pixels, aspect) in zip(
        panels[1:], central_slices(array, geometry), strict=True
    ):
        axes.set_axis_off()
        axes.imshow(
            pixels,
            cmap="gray",
            vmin=shown[0],
            vmax=shown[1],
            aspect=aspect,
            interpolation="nearest",
        )
        axes.set_title(f"{name}, {shown[0]:.4g} to {shown[1]:.4g}", fontsize=8, color=GREY)


def _draw_histogram(axes: Axes, array: np.ndarray, shown: tuple[float, float], bins: int) -> None:
    values = _some(array)
    counts, edges = np.histogram(values, bins, shown)
    axes.stairs(counts / values.size, edges, fill=True, color=BLUE)
    axes.set_yscale("log")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_ylabel("Share of voxels")
    axes.set_xlim(*shown)


def _bins(array: np.ndarray) -> Callable[[tuple[float, float]], int]:
    """Return how many bins a range gets: where voxels are whole numbers, each bin has equally many."""
    values = _some(array)
    if not np.array_equal(values, np.round(values)):
        return lambda _: MOST_BINS

    def bins(shown: tuple[float, float]) -> int:
        numbers = shown[1] - shown[0]
        return max(int(numbers / np.ceil(numbers / MOST_BINS)), FEWEST_BINS)

    return bins


def _some(array: np.ndarray) -> np.ndarray:
    values = array.ravel()
    return values[:: (values.size // VOXELS_COUNTED) | 1]


def _shown(array: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(_some(array), SHOWN_PERCENT)
    return (float(low), float(high)) if high > low else (float(low) - 0.5, float(low) + 0.5)


def _with(ends: tuple[float, float], limits: tuple[float, float]) -> tuple[float, float]:
    """Return an axis wide enough for the limits, with a margin beside them."""
    low, high = min(ends[0], limits[0]), max(ends[1], limits[1])
    margin = 0.02 * (high - low)
    return low - margin, high + margin


def _clipped_in_words(channel: NormalisedChannel) -> str:
    if channel.limits is None:
        return ""
    below, above = channel.clipped
    return f"\n{below:.1%} below {channel.limits[0]:.4g}, {above:.1%} above {channel.limits[1]:.4g}"
