"""On which grid does a subject lie? That of its first image channel that states one."""

from collections.abc import Mapping
from pathlib import Path

from innereye.io.image import Geometry, read_geometry


def stated_geometry(images: Mapping[str, Path]) -> tuple[str, Geometry]:
    """Return the grid of a subject and the channel that it comes from, from headers alone.

    Where no image channel states more than its size (numpy, HDF5) it is that of the first: voxels of
    1 mm.

    Raises:
        ImageError: an image cannot be read.
    """
    first: tuple[str, Geometry] | None = None
    for channel, path in images.items():
        geometry = read_geometry(path)
        if geometry.is_stated:
            return channel, geometry
        first = first or (channel, geometry)
    if first is None:
        raise ValueError("A subject has no image channels.")
    return first
