"""What is there to know of one subject's scans and structures? Each of its files is read once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from innereye.errors import ImageError
from innereye.io.image import Geometry, Image, read_image
from innereye.metrics.label_statistics import (
    BoxedMask,
    Components,
    boxed,
    components_of,
    overlap_counts,
    pair_overlaps,
    volume_ml,
)
from innereye.metrics.near_duplicates import thumbprint
from innereye.metrics.structure_extremes import Extent, structure_extents

PERCENTILES = (1, 25, 50, 75, 99)
# Percentiles of a large scan are those of every n-th voxel: they differ in the third digit.
VOXELS_SORTED = 1_000_000
# The patient's left, posterior and superior are where ITK's axes x, y and z grow.
DIRECTIONS = (("R", "L"), ("A", "P"), ("I", "S"))


@dataclass(frozen=True)
class SubjectFiles:
    """The files of a subject: images and structures by channel; `missing` structures have no row."""

    subject: str
    images: Mapping[str, Path]
    structures: Mapping[str, Path]
    missing: tuple[str, ...] = ()
    institution: str = ""
    series: str = ""


@dataclass(frozen=True)
class ImageFacts:
    """Intensities of one channel, and a hash of its voxels."""

    channel: str
    dtype: str
    minimum: float
    maximum: float
    mean: float
    std: float
    percentiles: tuple[float, ...]
    content: str


@dataclass(frozen=True)
class StructureFacts:
    """One structure: its voxels, volume, parts, shared voxels, and extents along Z, Y, X."""

    structure: str
    voxels: int
    volume_ml: float
    components: Components
    overlap_voxels: int
    extents_zyx: tuple[Extent, ...]

    @property
    def missing_slices(self) -> str:
        """The gaps along x, y and z, such as `z 6-7`; empty where the structure has none."""
        named = zip("xyz", self.extents_zyx[::-1], strict=True)
        return "; ".join(
            f"{axis} {','.join(extent.missing)}" for axis, extent in named if extent.missing
        )

    @property
    def reaches_edge(self) -> bool:
        """Does it end where the image ends?"""
        return any(extent.reaches_edge for extent in self.extents_zyx)


@dataclass(frozen=True)
class SubjectFacts:
    """What was found in the files of a subject; `faults` are those of its files."""

    files: SubjectFiles
    geometry: Geometry | None = None
    images: tuple[ImageFacts, ...] = ()
    structures: tuple[StructureFacts, ...] = ()
    overlaps: Mapping[tuple[str, str], int] = field(default_factory=dict)
    thumbprint: np.ndarray | None = None
    faults: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Its id."""
        return self.files.subject

    @property
    def orientation(self) -> str:
        """Where the axes x, y, z of the images point to, such as `LPS`; empty if none could be read."""
        return orientation_of(self.geometry.direction) if self.geometry else ""


def read_subject_facts(files: SubjectFiles) -> SubjectFacts:
    """Read the files of a subject one after the other; what cannot be read becomes a fault."""
    faults: list[str] = []
    geometry: Geometry | None = None
    images: list[ImageFacts] = []
    print_of_first: np.ndarray | None = None
    masks: dict[str, tuple[BoxedMask, tuple[Extent, ...]]] = {}
    for channel, path in {**files.images, **files.structures}.items():
        image = _read(path, channel, geometry, faults)
        if image is None:
            continue
        if geometry is None or (image.geometry.is_stated and not geometry.is_stated):
            geometry = image.geometry
        if channel in files.images:
            images.append(_image_facts(channel, image.array, faults))
            if print_of_first is None:
                print_of_first = thumbprint(np.nan_to_num(image.array))
        elif image.array.shape == geometry.size_zyx:
            inside = image.array == 1
            if np.count_nonzero(inside) != np.count_nonzero(image.array):
                faults.append(f"'{channel}': the mask is not binary")
            masks[channel] = boxed(inside), structure_extents(inside)
    return SubjectFacts(
        files,
        geometry,
        tuple(images),
        _structure_facts(masks, geometry),
        pair_overlaps({name: mask for name, (mask, _) in masks.items()}),
        print_of_first,
        tuple(faults),
    )


def orientation_of(direction: Sequence[float]) -> str:
    """Return where the axes x, y, z of a grid point to: of L, R, A, P, I, S the nearest ones."""
    cosines = np.reshape(direction, (3, 3))
    letters = ""
    for axis in range(3):
        nearest = int(np.abs(cosines[:, axis]).argmax())
        letters += DIRECTIONS[nearest][int(cosines[nearest, axis] > 0)]
    return letters


def _read(path: Path, channel: str, first: Geometry | None, faults: list[str]) -> Image | None:
    try:
        image = read_image(path, None)
    except ImageError as error:
        faults.append(f"'{channel}': {path.name} {_without_path(str(error), path)}")
        return None
    if first:
        faults += [f"'{channel}': {text}" for text in image.geometry.differences(first)]
    return image


def _without_path(sentence: str, path: Path) -> str:
    """Return the sentence about a file without the place of the file, which changes with the machine."""
    return sentence.removeprefix(f"{path} ").replace(f"{path.parent}/", "").rstrip(".")


def _image_facts(channel: str, array: np.ndarray, faults: list[str]) -> ImageFacts:
    content = hashlib.blake2b(np.ascontiguousarray(array).data, digest_size=16).hexdigest()
    values = array.ravel()
    if array.dtype.kind == "f" and not np.isfinite(values).all():
        values = values[np.isfinite(values)]
        faults.append(f"'{channel}': {array.size - values.size} voxels are not finite")
        values = values if values.size else np.zeros(1)
    # An odd step does not always meet the same columns of a scan.
    some = values[:: (values.size // VOXELS_SORTED) | 1]
    return ImageFacts(
        channel=channel,
        dtype=str(array.dtype),
        minimum=float(values.min()),
        maximum=float(values.max()),
        mean=float(values.mean(dtype=np.float64)),
        std=float(values.std(dtype=np.float64)),
        percentiles=tuple(float(value) for value in np.percentile(some, PERCENTILES)),
        content=content,
    )


def _structure_facts(
    masks: Mapping[str, tuple[BoxedMask, tuple[Extent, ...]]], geometry: Geometry | None
) -> tuple[StructureFacts, ...]:
    if geometry is None:
        return ()
    shared = overlap_counts({name: mask for name, (mask, _) in masks.items()})
    facts: list[StructureFacts] = []
    for name, (mask, extents) in masks.items():
        volume = volume_ml(mask.voxels, geometry.spacing_zyx_mm)
        components = components_of(mask)
        facts.append(StructureFacts(name, mask.voxels, volume, components, shared[name], extents))
    return tuple(facts)
