"""Which pixels does a .png or .jpg file hold? Grey values; colours become their brightness."""

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from innereye.errors import ImageError
from innereye.io.files import atomic_write

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg")
# Modes of Pillow that hold one number for each pixel: bits, bytes, two bytes, four bytes, floats.
_GREY = ("1", "L", "I;16", "I;16B", "I;16L", "I", "F")


def read_picture(path: Path) -> np.ndarray:
    """Return the pixels, (1, Y, X), as stored.

    Of a picture with colours the brightness is returned, 0 to 255, by ITU-R 601-2: 0.299 R + 0.587 G +
    0.114 B. What is transparent counts as it is painted.

    Raises:
        ImageError: the file is missing, truncated, damaged, or no picture.
    """
    try:
        with Image.open(path) as picture:
            grey = picture if picture.mode in _GREY else picture.convert("RGB").convert("L")
            pixels = np.asarray(grey)
    except UnidentifiedImageError:
        raise ImageError(f"{path} cannot be read as a picture: it is no .png or .jpg.") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = str(error).strip().rstrip(".")
        raise ImageError(f"{path} is truncated or damaged: {reason}.") from None
    return pixels.astype(np.uint8 if pixels.dtype == bool else pixels.dtype)[None]


def write_picture(path: Path, pixels: np.ndarray) -> None:
    """Write grey pixels, uint8 or uint16 (Y, X), as `.png`; the same pixels give the same bytes."""
    if path.suffix != ".png" or pixels.ndim != 2:
        raise ValueError(f"{path.name}: pixels {pixels.shape}; grey pixels (Y, X) go into a .png.")
    with atomic_write(path) as temporary:
        Image.fromarray(pixels).save(temporary)
