"""What does a network see of a subject? Its full image, labels and mask as arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from innereye.data.dataset import Subject
from innereye.data.normalisation import Normalisation, normalise
from innereye.data.resampling import (
    OwnGrid,
    resample_image,
    resample_mask,
    resample_structure,
    resampled_geometry,
)
from innereye.data.spacing import Spacing, spacing_fault
from innereye.data.stated_geometry import stated_geometry
from innereye.errors import ImageError
from innereye.io.image import Geometry, read_image


@dataclass(frozen=True)
class Sample:
    """A subject as arrays.

    `image`: float32 (C, Z, Y, X), normalised. `labels`: uint8 (S, Z, Y, X), 0 or 1 per structure,
    or None. `mask`: uint8 (Z, Y, X), or None where every voxel is valid. `own`: the grid of the files,
    where the arrays lie on another; None where they lie on that of the files.
    """

    subject: str
    image: np.ndarray
    labels: np.ndarray | None
    mask: np.ndarray | None
    geometry: Geometry
    own: OwnGrid | None = None

    @property
    def own_geometry(self) -> Geometry:
        """Grid of the subject's files, on which results are written."""
        return self.own.geometry if self.own else self.geometry


def load_sample(
    subject: Subject,
    normalisation: Normalisation,
    *,
    with_labels: bool,
    resample_spacing_zyx_mm: Spacing | None = None,
    dataset_expected_spacing_xyz: Spacing | None = None,
) -> Sample:
    """Read the files of a subject; it lies where its first image that says so lies.

    With `resample_spacing_zyx_mm` all is brought to this spacing before it is normalised. A spacing
    other than `dataset_expected_spacing_xyz` is refused.

    Raises:
        ImageError: a file cannot be read, sizes differ, a mask is not binary, a voxel is not
            finite, or the spacing is not the expected one.
    """
    _, own = stated_geometry(subject.images)
    if fault := spacing_fault(own.spacing_zyx_mm, dataset_expected_spacing_xyz):
        raise ImageError(f"Subject {subject.subject}: {fault}.")
    spacing = resample_spacing_zyx_mm
    geometry = own if spacing is None else resampled_geometry(own, spacing)
    image = np.empty((len(subject.images), *geometry.size_zyx), np.float32)
    for index, (channel, path) in enumerate(subject.images.items()):
        image[index] = resample_image(_read(subject, channel, path, own), own, geometry)
    labels = _read_labels(subject, own, geometry) if with_labels else None
    own_mask = _read_mask(subject, "mask", subject.mask, own) if subject.mask else None
    mask = None if own_mask is None else resample_mask(own_mask, own, geometry)
    try:
        image = normalise(image, normalisation, mask)
    except ImageError as error:
        raise ImageError(f"Subject {subject.subject}: {error}") from None
    files = None if geometry == own else OwnGrid(own, own_mask)
    return Sample(subject.subject, image, labels, mask, geometry, files)


def _read_labels(subject: Subject, own: Geometry, geometry: Geometry) -> np.ndarray:
    labels = np.empty((len(subject.masks), *geometry.size_zyx), np.uint8)
    for index, (structure, path) in enumerate(subject.masks.items()):
        mask = _read_mask(subject, structure, path, own)
        labels[index] = resample_structure(mask, own, geometry)
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
