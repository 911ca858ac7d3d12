"""How does a subject of a scalar model look? Its images as one picture: whole ones, or middle slices."""

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]

TILE_HEIGHT = 160
WIDEST = 4  # times as wide as high, at most
GAP = 4
BACKGROUND = 255
# A few bright voxels would leave all others black.
SHOWN_PERCENTILES = (0.5, 99.5)


def subject_png(images: Sequence[np.ndarray]) -> bytes:
    """Return the images of a subject, (Z, Y, X) each, as PNG: one row for each image.

    Of a volume the middle slices through Z, Y and X stand side by side; 2D images are in one row.
    """
    if all(len(image) == 1 for image in images):
        rows = [[tile for image in images for tile in tiles_of(image)]]
    else:
        rows = [tiles_of(image) for image in images]
    picture = _stacked([_side_by_side(row) for row in rows])
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG")
    return buffer.getvalue()


def tiles_of(image: np.ndarray) -> list[Pixels]:
    """Return the slices of an image that are shown, one height each: (H, W) grey values."""
    grey = grey_values(image)
    if len(grey) == 1:
        return [_fitted(grey[0])]
    places = [size // 2 for size in grey.shape]
    # Scans begin at the feet: turned, so that the head is up.
    slices = [grey[places[0]], grey[::-1, places[1]], grey[::-1, :, places[2]]]
    return [_fitted(each) for each in slices]


def grey_values(image: np.ndarray) -> Pixels:
    """Return an image as 0 to 255; a volume from its percentile 0.5 to 99.5, a 2D image whole."""
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    if len(values) > 1:
        inner = [float(each) for each in np.percentile(values, SHOWN_PERCENTILES)]
        low, high = inner if inner[0] < inner[1] else (low, high)
    if low == high:
        return np.zeros(values.shape, np.uint8)
    return np.round(np.clip((values - low) / (high - low), 0, 1) * 255).astype(np.uint8)


def _fitted(pixels: Pixels) -> Pixels:
    height, width = pixels.shape
    factor = min(TILE_HEIGHT / height, WIDEST * TILE_HEIGHT / width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    # Enlarged pixels stay squares: what the network saw has no more detail.
    way = Image.Resampling.NEAREST if factor > 1 else Image.Resampling.LANCZOS
    return np.asarray(Image.fromarray(pixels).resize(size, way))


def _side_by_side(tiles: Sequence[Pixels]) -> Pixels:
    height = max(len(tile) for tile in tiles)
    padded = [
        np.pad(tile, ((0, height - len(tile)), (0, 0)), constant_values=255) for tile in tiles
    ]
    gap = np.full((height, GAP), BACKGROUND, np.uint8)
    return np.concatenate([part for tile in padded for part in (gap, tile)][1:], axis=1)


def _stacked(rows: Sequence[Pixels]) -> Pixels:
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 0), (0, width - row.shape[1])), constant_values=255) for row in rows]
    gap = np.full((GAP, width), BACKGROUND, np.uint8)
    return np.concatenate([part for row in padded for part in (gap, row)][1:], axis=0)
