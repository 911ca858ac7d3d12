"""How do dozens of pictures fit into a page that is sent by mail? Small and compressed."""

import io
from pathlib import Path

from PIL import Image

JPEG_QUALITY = 85


def small_jpeg(picture: Path, *, width: int) -> bytes:
    """Return a picture as JPEG, at most `width` pixels wide and twice as high."""
    with Image.open(picture) as image:
        small = image.convert("RGB")
    small.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, format="JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
