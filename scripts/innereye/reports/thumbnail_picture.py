"""What does one slice look like, with the outlines of the truth and of the segmentation?"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from innereye.reports.figures import png_bytes

SIDE_INCHES = 5.0
CAPTION_INCHES = 0.45
TRUTH_COLOUR = "#ff2020"
PREDICTED_COLOUR = "#4aa3ff"


@dataclass(frozen=True)
class Slice:
    """One axial slice: image, truth and segmentation as (Y, X), and the sizes of a pixel."""

    image: np.ndarray
    truth: np.ndarray
    predicted: np.ndarray
    spacing_yx_mm: tuple[float, float]


def best_slice(predicted: np.ndarray, truth: np.ndarray) -> int:
    """Return the index Z with most predicted voxels; where nothing is predicted, most true ones.

    The lowest of equal slices wins; 0 where both masks (Z, Y, X) are empty.
    """
    mask = predicted if predicted.any() else truth
    return int(np.count_nonzero(mask, axis=(1, 2)).argmax())


def viewing_flips(direction: tuple[float, ...]) -> tuple[bool, bool]:
    """Say whether rows and columns must be turned round to look at a patient from the feet.

    Then anterior is up and the patient's right is on the left, as radiologists expect it.
    direction: the nine cosines of the image, row by row, in ITK's frame (x left, y posterior).
    """
    return direction[4] < 0.0, direction[0] < 0.0


class Thumbnails:
    """A figure that is drawn again and again: making a new one takes longer than drawing it."""

    def __init__(self, *, plot_dpi: int, grey_range: tuple[float, float]) -> None:
        height = SIDE_INCHES + CAPTION_INCHES
        self._dpi = plot_dpi
        self._grey_range = grey_range
        self._figure = Figure(figsize=(SIDE_INCHES, height), facecolor="black")
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, SIDE_INCHES / height))
        above, below = (1.0 - part * CAPTION_INCHES / height for part in (0.27, 0.73))
        write = partial(self._figure.text, fontsize=9, va="center")
        self._name = write(x=0.02, y=above, s="", color="white")
        self._score = write(x=0.02, y=below, s="", color="white")
        self._truth = write(x=0.66, y=below, s="", color=TRUTH_COLOUR, ha="right")
        self._predicted = write(x=0.98, y=below, s="", color=PREDICTED_COLOUR, ha="right")

    def png(self, piece: Slice, *, name: str, score: str) -> bytes:
        """Return the slice as PNG: truth outlined solid red, segmentation dashed blue.

        `name` is the caption's first line, `score` stands below it, beside a legend.
        """
        axes = self._axes
        axes.clear()
        axes.set_axis_off()
        low, high = self._grey_range
        axes.imshow(
            piece.image,
            cmap="gray",
            vmin=low,
            vmax=high,
            aspect=piece.spacing_yx_mm[0] / piece.spacing_yx_mm[1],
            interpolation="nearest",
        )
        self._outline(piece.truth, TRUTH_COLOUR, "solid")
        self._outline(piece.predicted, PREDICTED_COLOUR, "dashed")
        self._name.set_text(name)
        self._score.set_text(score)
        self._truth.set_text("truth" if piece.truth.any() else "no truth here")
        self._predicted.set_text("segmentation" if piece.predicted.any() else "nothing segmented")
        return png_bytes(self._figure, self._dpi)

    def _outline(self, mask: np.ndarray, colour: str, style: str) -> None:
        if not mask.any():
            return
        # One voxel of background around the slice closes the outlines of what touches its border.
        padded = np.pad(mask.astype(np.float32), 1)
        y, x = (np.arange(-1, size + 1) for size in mask.shape)
        self._axes.contour(
            x, y, padded, levels=[0.5], colors=[colour], linestyles=[style], linewidths=[1.5]
        )
        self._axes.set_xlim(-0.5, mask.shape[1] - 0.5)
        self._axes.set_ylim(mask.shape[0] - 0.5, -0.5)
