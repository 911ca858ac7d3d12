"""What does one slice look like, with red where crops lie?"""

from dataclasses import dataclass

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from innereye.io.image import Geometry
from innereye.reports.figures import png_bytes

LONGEST_SIDE_INCHES = 5.0
SHORTEST_SIDE_INCHES = 1.6  # the caption needs this width
CAPTION_INCHES = 0.3
DPI = 100
RED = (1.0, 0.0, 0.0)
PLANES = ("axial", "coronal", "sagittal")


@dataclass(frozen=True)
class HeatSlice:
    """A slice of an image and of the counts of crops, (rows, columns), and the sizes of a pixel."""

    image: np.ndarray
    counts: np.ndarray
    spacing_mm: tuple[float, float]


def cut(image: np.ndarray, counts: np.ndarray, geometry: Geometry, axis: int) -> HeatSlice:
    """Return the slice across an axis (0 is Z, 1 Y, 2 X) through the voxel with most crops.

    It is seen as radiologists see it: the head is up in coronal and sagittal slices, anterior is up
    in axial ones and left in sagittal ones, and the patient's right is on the left.
    """
    peak = np.unravel_index(int(counts.argmax()), counts.shape)
    place = tuple(int(peak[axis]) if each == axis else slice(None) for each in range(3))
    rows, columns = (each for each in range(3) if each != axis)
    # Cosines of the axes Z, Y, X along superior, posterior and left, in ITK's frame.
    along = (geometry.direction[8], geometry.direction[4], geometry.direction[0])
    # Rows are drawn downwards: upright is a Z that falls, a Y that rises to posterior.
    is_turned = [along[rows] > 0 if rows == 0 else along[rows] < 0, along[columns] < 0]
    steps = tuple(slice(None, None, -1 if turned else 1) for turned in is_turned)
    spacing = geometry.spacing_zyx_mm
    return HeatSlice(image[place][steps], counts[place][steps], (spacing[rows], spacing[columns]))


def heat_png(
    piece: HeatSlice, *, grey_range: tuple[float, float], most: int, caption: str
) -> bytes:
    """Return the slice as PNG: grey, and red where crops lie, opaque where there are `most`."""
    (height_mm, width_mm) = (
        size * mm for size, mm in zip(piece.image.shape, piece.spacing_mm, strict=True)
    )
    scale = LONGEST_SIDE_INCHES / max(height_mm, width_mm)
    width = max(width_mm * scale, SHORTEST_SIDE_INCHES)
    height = max(height_mm * scale, SHORTEST_SIDE_INCHES)
    figure = Figure(figsize=(width, height + CAPTION_INCHES), facecolor="black")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, height / (height + CAPTION_INCHES)))
    axes.set_axis_off()
    aspect = piece.spacing_mm[0] / piece.spacing_mm[1]
    low, high = grey_range
    axes.imshow(
        piece.image, cmap="gray", vmin=low, vmax=high, aspect=aspect, interpolation="nearest"
    )
    red = np.empty((*piece.counts.shape, 4))
    red[..., :3] = RED
    red[..., 3] = piece.counts / max(most, 1)
    axes.imshow(red, aspect=aspect, interpolation="nearest")
    middle = 1.0 - 0.5 * CAPTION_INCHES / (height + CAPTION_INCHES)
    figure.text(0.02, middle, caption, color="white", fontsize=7, va="center")
    return png_bytes(figure, DPI)
