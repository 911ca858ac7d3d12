"""What does a network see of a subject? Its full image, labels and mask as arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from innereye.data.dataset import Subject
from innereye.data.normalisation import Normalisation, normalise
from innereye.errors import ImageError
from innereye.io.image import Geometry, read_geometry, read_image


@dataclass(frozen=True)
class Sample:
    """A subject as arrays.

    `image`: float32 (C, Z, Y, X), normalised. `labels`: uint8 (S, Z, Y, X), 0 or 1 per structure,
    or None. `mask`: uint8 (Z, Y, X), or None where every voxel is valid.
    """

    subject: str
    image: np.ndarray
    labels: np.ndarray | None
    mask: np.ndarray | None
    geometry: Geometry


def load_sample(subject: Subject, normalisation: Normalisation, *, with_labels: bool) -> Sample:
    """Read the files of a subject; the geometry is that of the first image channel.

    Raises:
        ImageError: a file cannot be read, sizes differ, a mask is not binary, or a voxel is not
            finite.
    """
    geometry = read_geometry(next(iter(subject.images.values())))
    image = np.empty((len(subject.images), *geometry.size_zyx), np.float32)
    for index, (channel, path) in enumerate(subject.images.items()):
        image[index] = _read(subject, channel, path, geometry)
    mask = _read_mask(subject, "mask", subject.mask, geometry) if subject.mask else None
    labels = _read_labels(subject, geometry) if with_labels else None
    try:
        image = normalise(image, normalisation, mask)
    except ImageError as error:
        raise ImageError(f"Subject {subject.subject}: {error}") from None
    return Sample(subject.subject, image, labels, mask, geometry)


def _read_labels(subject: Subject, geometry: Geometry) -> np.ndarray:
    labels = np.empty((len(subject.masks), *geometry.size_zyx), np.uint8)
    for index, (structure, path) in enumerate(subject.masks.items()):
        labels[index] = _read_mask(subject, structure, path, geometry)
    return labels


def _read_mask(subject: Subject, name: str, path: Path, geometry: Geometry) -> np.ndarray:
    stored = _read(subject, name, path, geometry)
    ones = stored == 1
    if np.count_nonzero(stored) != np.count_nonzero(ones):
        raise ImageError(
            f"Subject {subject.subject}, '{name}': {path} is not binary; masks hold 0 and 1."
        )
    return ones.view(np.uint8)


def _read(subject: Subject, name: str, path: Path, geometry: Geometry) -> np.ndarray:
    image = read_image(path, None)
    if image.geometry.size_zyx != geometry.size_zyx:
        raise ImageError(
            f"Subject {subject.subject}, '{name}': size {image.geometry.size_zyx} against "
            f"{geometry.size_zyx} of the first image channel; a subject has one size."
        )
    return image.array
