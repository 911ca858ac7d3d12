"""What do other programs get to know of a segmentation besides its voxels? Names, colours, origin."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy import ndimage

from innereye.io.dicom import Series
from innereye.io.geometry import Image

MOST_CHARACTERS = 64  # of a text of DICOM's kind LO
BACKGROUND = 0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DicomStructure:
    """How one structure is shown; `roi_interpreted_type` is CTV, ORGAN, EXTERNAL, or None for no type."""

    name: str
    colour: tuple[int, int, int]
    fill_holes: bool = False
    roi_interpreted_type: str = "ORGAN"


@dataclass(frozen=True)
class Origin:
    """Who made a segmentation, with what; `written` None takes the date and time of the series."""

    manufacturer: str
    interpreter: str
    model_id: str = ""
    written: datetime | None = None


@dataclass(frozen=True)
class LabelledStructure:
    """A structure that has voxels: its label in the segmentation, and its name as DICOM allows it."""

    label: int
    name: str
    shown: DicomStructure

    @property
    def interpreted_type(self) -> str:
        """What its contours stand for; nothing where that is not said."""
        kind = self.shown.roi_interpreted_type
        return "" if kind == "None" else kind


def present_structures(
    segmentation: np.ndarray, structures: Sequence[DicomStructure]
) -> list[LabelledStructure]:
    """Return the structures that have voxels, the first of `structures` having label 1.

    Names are at most 64 characters long and differ. A log line tells of each that is left out.

    Raises:
        ValueError: a label is larger than the number of structures.
    """
    if segmentation.max(initial=0) > len(structures):
        raise ValueError(f"label {segmentation.max()}, but {len(structures)} structures.")
    counts = np.bincount(segmentation.ravel(), minlength=len(structures) + 1)
    found: list[LabelledStructure] = []
    for label, structure in enumerate(structures, start=1):
        if counts[label]:
            name = _unlike(structure.name, [each.name for each in found])
            found.append(LabelledStructure(label, name, structure))
        else:
            logger.info(f"'{structure.name}' has no voxels and is left out of the DICOM file.")
    return found


def with_filled_holes(
    segmentation: np.ndarray, structures: Sequence[LabelledStructure]
) -> np.ndarray:
    """Return a label map (Z, Y, X) in which background within slices belongs to what encloses it.

    Only holes of structures with `fill_holes` are filled; other structures in a hole stay. A hole is
    what no path over faces leads out of, as in the post-processing of segmentations.
    """
    filled = segmentation.copy()
    wanted = [each.label for each in structures if each.shown.fill_holes]
    for plane in filled if wanted else ():
        boxes = dict(enumerate(ndimage.find_objects(plane), start=1))
        parts = [(label, plane[boxes[label]]) for label in wanted if boxes.get(label)]
        areas = [
            (label, part, np.asarray(ndimage.binary_fill_holes(part == label)))
            for label, part in parts
        ]
        # What encloses a structure has the larger area: a hole belongs to the innermost.
        for label, part, area in sorted(areas, key=lambda each: np.count_nonzero(each[2])):
            part[area & (part == BACKGROUND)] = label
    return filled


def require_grid_of(series: Series, segmentation: Image) -> None:
    """Refuse a segmentation that does not lie on the voxels of the series.

    Raises:
        ValueError: the grids differ.
    """
    differences = segmentation.geometry.differences(series.geometry)
    if segmentation.array.shape != series.geometry.size_zyx:
        differences.append(f"voxels {segmentation.array.shape}")
    if differences:
        raise ValueError(f"{series.path}: the segmentation has {'; '.join(differences)}.")


def plain_text(text: str) -> str:
    """Return a text as DICOM's kind LO allows: 64 characters, no backslash, no control characters."""
    spaced = "".join(sign if sign.isprintable() and sign != "\\" else " " for sign in text)
    return spaced.strip()[:MOST_CHARACTERS].strip()


def _unlike(name: str, others: Sequence[str]) -> str:
    """Return a name as DICOM allows it, with a number at its end where others have the same."""
    allowed = plain_text(name) or "unnamed"
    number = 1
    while allowed in others:
        number += 1
        allowed = f"{plain_text(name)[: MOST_CHARACTERS - 4].strip()} {number}"
    if allowed != name:
        logger.info(f"'{name}' is called '{allowed}' in the DICOM file.")
    return allowed
