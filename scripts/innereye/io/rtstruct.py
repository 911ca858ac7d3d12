"""How does a segmentation become contours of DICOM-RT? Closed curves in the planes of the slices."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ImplicitVRLittleEndian, RTStructureSetStorage
from scipy import ndimage

from innereye.io.contours import outlines
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
from innereye.io.dicom_slices import Slice
from innereye.io.dicom_source import (
    TAKEN_OVER,
    UTF_8,
    date_and_time,
    identity,
    read_headers,
    save,
    uid,
)
from innereye.io.geometry import Image

SERIES_NUMBER = 1001  # beyond those of a scanner
STUDY = "1.2.840.10008.3.1.2.3.1"  # the retired class that references to a study still name
DECIMALS = 6  # of millimetres, in the 16 characters of DICOM's kind DS

logger = logging.getLogger(__name__)


def write_rtstruct(
    path: Path,
    segmentation: Image,
    series: Series,
    *,
    structures: Sequence[DicomStructure],
    origin: Origin,
) -> None:
    """Write an RTSTRUCT with the contours of a segmentation, a label map on the voxels of the series.

    Label 1 is the first of `structures`. The same content gives the same bytes.

    Raises:
        ImageError: as `read_headers`.
        ValueError: the segmentation does not lie on the series, or has more labels than structures.
    """
    require_grid_of(series, segmentation)
    headers = read_headers(series)
    numbers = identity("RTSTRUCT", headers, segmentation, tuple(structures), origin)
    dataset = _frame(headers, origin, numbers)
    present = present_structures(segmentation.array, structures)
    labels = with_filled_holes(segmentation.array, present)
    frame_of_reference = headers[0].FrameOfReferenceUID
    dataset.StructureSetROISequence = [_roi(each, frame_of_reference) for each in present]
    dataset.ROIContourSequence = [
        _contours(each, labels == each.label, series.slices, headers) for each in present
    ]
    dataset.RTROIObservationsSequence = [_observation(each, origin) for each in present]
    save(path, dataset)
    logger.info(f"{path} has {len(present)} of {len(structures)} structures.")


def _frame(headers: Sequence[Dataset], origin: Origin, numbers: Sequence[str]) -> Dataset:
    """Return all but the structures: patient, study, equipment, and the slices referred to."""
    first = headers[0]
    dataset = Dataset()
    dataset.SpecificCharacterSet = UTF_8
    for keyword in TAKEN_OVER:
        setattr(dataset, keyword, first[keyword].value)
    dataset.SOPClassUID, dataset.SOPInstanceUID = RTStructureSetStorage, uid(numbers, "instance")
    dataset.SeriesInstanceUID, dataset.SeriesNumber = uid(numbers, "series"), SERIES_NUMBER
    dataset.Modality, dataset.InstanceNumber = "RTSTRUCT", 1
    dataset.OperatorsName = ""
    dataset.Manufacturer = plain_text(origin.manufacturer)
    dataset.ManufacturerModelName = "InnerEye"
    if origin.model_id:
        dataset.SoftwareVersions = plain_text(origin.model_id)
    dataset.FrameOfReferenceUID = first.FrameOfReferenceUID
    dataset.PositionReferenceIndicator = ""
    dataset.SeriesDescription = dataset.StructureSetLabel = "Segmentation"
    dataset.StructureSetDate, dataset.StructureSetTime = date_and_time(first, origin)
    dataset.ReferencedFrameOfReferenceSequence = [_source(headers)]
    dataset.ApprovalStatus = "UNAPPROVED"  # nobody has looked at it yet
    dataset.file_meta = FileMetaDataset()
    # Contours of large organs are longer than the 64 kB that a text may have in explicit syntaxes.
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    return dataset


def _source(headers: Sequence[Dataset]) -> Dataset:
    series, study, frame = Dataset(), Dataset(), Dataset()
    series.SeriesInstanceUID = headers[0].SeriesInstanceUID
    series.ContourImageSequence = [_reference(header) for header in headers]
    study.ReferencedSOPClassUID = STUDY
    study.ReferencedSOPInstanceUID = headers[0].StudyInstanceUID
    study.RTReferencedSeriesSequence = [series]
    frame.FrameOfReferenceUID = headers[0].FrameOfReferenceUID
    frame.RTReferencedStudySequence = [study]
    return frame


def _reference(header: Dataset) -> Dataset:
    reference = Dataset()
    reference.ReferencedSOPClassUID = header.SOPClassUID
    reference.ReferencedSOPInstanceUID = header.SOPInstanceUID
    return reference


def _roi(structure: LabelledStructure, frame_of_reference: str) -> Dataset:
    roi = Dataset()
    roi.ROINumber = structure.label
    roi.ReferencedFrameOfReferenceUID = frame_of_reference
    roi.ROIName = structure.name
    roi.ROIGenerationAlgorithm = "AUTOMATIC"
    return roi


def _observation(structure: LabelledStructure, origin: Origin) -> Dataset:
    observation = Dataset()
    observation.ObservationNumber = observation.ReferencedROINumber = structure.label
    observation.RTROIInterpretedType = structure.interpreted_type
    observation.ROIInterpreter = plain_text(origin.interpreter)
    return observation


def _contours(
    structure: LabelledStructure,
    mask: np.ndarray,
    slices: Sequence[Slice],
    headers: Sequence[Dataset],
) -> Dataset:
    """Return the contours of a structure with mask (Z, Y, X), slice by slice."""
    item = Dataset()
    item.ReferencedROINumber = structure.label
    item.ROIDisplayColor = list(structure.shown.colour)
    item.ContourSequence = []
    for number, (at, curve) in enumerate(_curves(mask), start=1):
        contour = Dataset()
        contour.ContourNumber = number
        contour.ContourImageSequence = [_reference(headers[at])]
        contour.ContourGeometricType = "CLOSED_PLANAR"
        contour.NumberOfContourPoints = len(curve)
        places = _in_patient(slices[at], curve)
        contour.ContourData = [f"{number:.{DECIMALS}f}" for number in places.ravel()]
        item.ContourSequence.append(contour)
    return item


def _curves(mask: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Give the number of a slice and the points (N, 2) of a curve in it, X first, in voxels."""
    z, y, x = ndimage.find_objects(mask.view(np.uint8))[0]
    for at in range(z.start, z.stop):
        for curve in outlines(mask[at, y, x]):
            yield at, curve + np.array([x.start, y.start])


def _in_patient(each: Slice, curve: np.ndarray) -> np.ndarray:
    """Return points (N, 3) in millimetres, X, Y, Z of the patient, from (N, 2) in voxels of a slice.

    DICOM PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1, with the slice's own place.
    """
    axes = np.reshape(each.direction, (3, 3))[:, :2]  # along a row of pixels, and down a column
    places = np.asarray(each.origin_xyz_mm) + (curve * each.spacing_xy_mm) @ axes.T
    return np.round(places, DECIMALS) + 0.0  # no -0
