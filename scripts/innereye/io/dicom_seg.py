"""How does a segmentation become a DICOM-SEG? One bit for each voxel of a structure, by highdicom."""

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.color import CIELabColor
from highdicom.seg import Segmentation, SegmentDescription
from pydicom import Dataset
from pydicom.sr.codedict import codes

from innereye.io.dicom import Series
from innereye.io.dicom_labels import (
    DicomStructure,
    LabelledStructure,
    Origin,
    plain_text,
    present_structures,
    require_grid_of,
    with_filled_holes,
)
from innereye.io.dicom_source import UTF_8, date_and_time, identity, read_headers, save, uid
from innereye.io.geometry import Image

SERIES_NUMBER = 1002  # beyond those of a scanner, and not that of the contours
UNKNOWN = "unknown"  # where DICOM wants a text and there is none

logger = logging.getLogger(__name__)


def write_dicom_seg(
    path: Path,
    segmentation: Image,
    series: Series,
    *,
    structures: Sequence[DicomStructure],
    origin: Origin,
) -> None:
    """Write a binary DICOM-SEG of a segmentation, a label map on the voxels of the series.

    Label 1 is the first of `structures`. The same content gives the same bytes. Where no structure
    has voxels, all are named, with empty frames.

    Raises:
        ImageError: as `read_headers`.
        ValueError: the segmentation does not lie on the series, or has more labels than structures.
    """
    require_grid_of(series, segmentation)
    headers = read_headers(series)
    numbers = identity("SEG", headers, segmentation, tuple(structures), origin)
    present = present_structures(segmentation.array, structures)
    named = present or [
        LabelledStructure(label, plain_text(each.name), each)
        for label, each in enumerate(structures, start=1)
    ]
    labels = _renumbered(with_filled_holes(segmentation.array, present), named)
    logging.getLogger("highdicom").setLevel(logging.WARNING)  # it tells of each module it copies
    with warnings.catch_warnings():
        # Patients of studies are called LUNG-017; that no person is called so is no news.
        warnings.filterwarnings("ignore", "The string .* is unlikely to represent", UserWarning)
        dataset = _dataset(headers, labels, named, origin, numbers)
    _fix_what_is_random(dataset, numbers)
    save(path, dataset)
    logger.info(f"{path} has {len(present)} of {len(structures)} structures.")


def _renumbered(labels: np.ndarray, named: Sequence[LabelledStructure]) -> np.ndarray:
    """Return labels 1 to N without gaps, as the numbers of segments must be."""
    new = np.zeros(max(each.label for each in named) + 1, np.uint16)
    for number, each in enumerate(named, start=1):
        new[each.label] = number
    return new[labels]


def _dataset(
    headers: Sequence[Dataset],
    labels: np.ndarray,
    named: Sequence[LabelledStructure],
    origin: Origin,
    numbers: Sequence[str],
) -> Segmentation:
    date, time = date_and_time(headers[0], origin)
    model = plain_text(origin.model_id) or UNKNOWN
    return Segmentation(
        source_images=headers,
        pixel_array=labels,
        segmentation_type="BINARY",
        segment_descriptions=[
            _description(number, each, model) for number, each in enumerate(named, start=1)
        ],
        series_instance_uid=uid(numbers, "series"),
        series_number=SERIES_NUMBER,
        sop_instance_uid=uid(numbers, "instance"),
        instance_number=1,
        manufacturer=plain_text(origin.manufacturer),
        manufacturer_model_name="InnerEye",
        software_versions=model,
        device_serial_number=UNKNOWN,
        content_creator_name=plain_text(origin.interpreter),
        content_label="SEGMENTATION",
        series_description="Segmentation",
        content_date=date,
        content_time=time,
        specific_character_set=UTF_8,
    )


def _description(number: int, structure: LabelledStructure, model: str) -> SegmentDescription:
    is_organ = structure.interpreted_type == "ORGAN"
    kind = codes.SCT.Organ if is_organ else codes.SCT.Tissue
    return SegmentDescription(
        segment_number=number,
        segment_label=structure.name,
        segmented_property_category=codes.SCT.AnatomicalStructure if is_organ else codes.SCT.Tissue,
        segmented_property_type=kind,
        algorithm_type="AUTOMATIC",
        algorithm_identification=AlgorithmIdentificationSequence(
            name="InnerEye", family=codes.DCM.ArtificialIntelligence, version=model
        ),
        display_color=CIELabColor.from_rgb(*structure.shown.colour),
    )


def _fix_what_is_random(dataset: Dataset, numbers: Sequence[str]) -> None:
    """Replace the moment of writing, and a number that highdicom draws."""
    date, time = dataset.ContentDate, dataset.ContentTime
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = date, time
    for item in dataset.ContributingEquipmentSequence:
        item.ContributionDateTime = f"{date}{time}"
    dimensions = uid(numbers, "dimensions")
    for item in [*dataset.DimensionOrganizationSequence, *dataset.DimensionIndexSequence]:
        item.DimensionOrganizationUID = dimensions
