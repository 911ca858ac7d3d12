"""Where does each value of a box plot of all runs go? Boxes, points, and bands beyond the axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import cbook
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from innereye.metrics.columns import Values, finite
from innereye.reports.figures import GREY
from innereye.reports.run_plots_style import NOTE_POINTS

# Share of the room of a run that its boxes take together.
GROUP_WIDTH = 0.8
BOX_SHARE = 0.82
# So few subjects in so few boxes are all drawn as points, else only those beyond the whiskers.
FEW_SUBJECTS = 30
FEW_BOXES = 45
# The golden ratio spreads neighbours evenly and, unlike a random jitter, the same way each time.
GOLDEN_RATIO = 0.6180339887498949
POINTS_SHARE = 0.6
# Beyond so many times the longest whisker a value is far out; with one, the axis ends at about half.
FAR_OUT = 3.0
NEAR = 1.5
BAND_SHARE = 0.07
LINE = "#202124"


@dataclass(frozen=True)
class Boxes:
    """The values of one structure: where its boxes stand, and the values of each run."""

    structure: str
    colour: str
    positions: tuple[float, ...]
    width: float
    values: tuple[Values, ...]

    def count(self, low: float, high: float = np.inf) -> list[int]:
        """Return how many values of each run are above `low` and at most `high`."""
        return [int(((values > low) & (values <= high)).sum()) for values in self.values]


@dataclass(frozen=True)
class Band:
    """Values beyond the axis, `low < value <= high`: one mark for each box, between two heights."""

    label: str
    words: str
    low: float
    high: float
    bottom: float
    top: float
    filled: bool

    @property
    def middle(self) -> float:
        """Return the height of the marks."""
        return (self.bottom + self.top) / 2


def box_positions(num_runs: int, num_structures: int) -> tuple[list[tuple[float, ...]], float]:
    """Return the places of each structure's boxes, one for each run, and the width of a box."""
    slot = GROUP_WIDTH / max(1, num_structures)
    places = [
        tuple(run + slot * (index - (num_structures - 1) / 2) for run in range(num_runs))
        for index in range(num_structures)
    ]
    return places, BOX_SHARE * slot


def distance_limit(boxes: Sequence[Boxes]) -> float:
    """Return where the axis of a distance ends, in mm: above every box and whisker.

    Without values far out, this is above all finite values; with some, boxes that nobody can tell
    apart would be the price, so that these values go to a band above the axis instead.
    """
    cells = [cell for box in boxes for values in box.values if (cell := finite(values)).size]
    if not cells:
        return 1.0
    whiskers = max(float(cbook.boxplot_stats(cell)[0]["whishi"]) for cell in cells)
    largest = max(float(cell.max()) for cell in cells)
    if whiskers == 0.0 or largest <= FAR_OUT * whiskers:
        return 1.05 * largest or 1.0
    return float(
        MaxNLocator(nbins=4, steps=[1, 1.5, 2, 3, 5, 10]).tick_values(0.0, NEAR * whiskers)[-1]
    )


def bands_above(boxes: Sequence[Boxes], limit: float) -> list[Band]:
    """Return the bands that are needed: finite values beyond the axis, then infinite ones."""
    largest = np.finfo(float).max
    wanted = [
        (f"> {limit:g}", f"above {limit:g} mm", limit, largest, False),
        ("infinite", "infinite", largest, np.inf, True),
    ]
    bands: list[Band] = []
    for label, words, low, high, filled in wanted:
        if any(any(box.count(low, high)) for box in boxes):
            bottom, top = (limit * (1 + BAND_SHARE * (len(bands) + end)) for end in (0, 1))
            bands.append(Band(label, words, low, high, bottom, top, filled))
    return bands


def draw_boxes(axes: Axes, boxes: Sequence[Boxes], limit: float) -> None:
    """Draw boxes with whiskers of 1.5 times the interquartile range, and points up to the limit."""
    sizes = [values.size for box in boxes for values in box.values]
    shows_all = len(sizes) <= FEW_BOXES and max(sizes, default=0) <= FEW_SUBJECTS
    for box in boxes:
        filled = [
            (at, finite(values))
            for at, values in zip(box.positions, box.values, strict=True)
            if finite(values).size
        ]
        if not filled:
            continue
        statistics = [cbook.boxplot_stats(values)[0] for _, values in filled]
        axes.bxp(
            statistics,
            positions=[at for at, _ in filled],
            widths=box.width,
            patch_artist=True,
            showfliers=False,
            manage_ticks=False,
            boxprops={"facecolor": box.colour, "edgecolor": LINE, "linewidth": 0.8},
            medianprops={"color": LINE, "linewidth": 1.8},
            whiskerprops={"color": LINE, "linewidth": 0.8},
            capprops={"color": LINE, "linewidth": 0.8},
        )
        shown = [values for _, values in filled]
        if not shows_all:
            shown = [np.asarray(found["fliers"], dtype=np.float64) for found in statistics]
        _draw_points(axes, box, [at for at, _ in filled], [v[v <= limit] for v in shown])


def _draw_points(axes: Axes, box: Boxes, at: list[float], values: list[Values]) -> None:
    """Draw the points of a structure, all runs at once."""
    x = [
        place + POINTS_SHARE * box.width * ((np.arange(1, v.size + 1) * GOLDEN_RATIO) % 1.0 - 0.5)
        for place, v in zip(at, values, strict=True)
    ]
    axes.plot(
        np.concatenate(x),
        np.concatenate(values),
        linestyle="",
        marker="o",
        markersize=3.5,
        markerfacecolor=box.colour,
        markeredgecolor=LINE,
        markeredgewidth=0.5,
        clip_on=False,  # a point at the end of the axis would be cut in half
        zorder=3,
    )


def draw_band(axes: Axes, boxes: Sequence[Boxes], band: Band) -> None:
    """Draw a triangle for each box with values in the band, their number beside it."""
    for box in boxes:
        counts = box.count(band.low, band.high)
        found = [(at, n) for at, n in zip(box.positions, counts, strict=True) if n]
        axes.plot(
            [at for at, _ in found],
            [band.middle] * len(found),
            linestyle="",
            marker="^",
            markersize=7,
            markerfacecolor=box.colour if band.filled else "white",
            markeredgecolor=LINE,
            markeredgewidth=0.8,
            zorder=3,
        )
        for at, number in found:
            axes.annotate(
                str(number),
                (at, band.middle),
                (0, 5),
                textcoords="offset points",
                ha="center",
                fontsize=NOTE_POINTS - 2,
            )
    axes.axhline(band.bottom, color=GREY, linewidth=0.8)
