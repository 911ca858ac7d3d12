"""How does a DICOM series get in, and its segmentation out as DICOM?"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from innereye.configs.stages.scan import ScanSettings
from innereye.io.archives import write_zip_of_one
from innereye.io.dicom import Series, read_voxels
from innereye.io.geometry import Image
from innereye.io.image import write_image
from innereye.names import SEGMENTATION_DCM_ZIP


class DicomFormat(StrEnum):
    """As what a segmentation is written."""

    RTSTRUCT = "RTSTRUCT"
    SEG = "SEG"


@dataclass(frozen=True)
class DicomRequest:
    """The DICOM that is wanted: its kind, the name of the zip that holds it, and who made it."""

    kind: DicomFormat = DicomFormat.RTSTRUCT
    zip_name: str = SEGMENTATION_DCM_ZIP
    model_id: str = ""


def write_as_nifti(series: Series, folder: Path) -> Path:
    """Write the voxels of a series as one file, which a model reads like any other."""
    path = folder / "scan.nii.gz"
    image = read_voxels(series)
    write_image(path, image.array, image.geometry)
    return path


def write_dicom(
    labels: np.ndarray,
    series: Series,
    settings: ScanSettings,
    folder: Path,
    request: DicomRequest,
) -> None:
    """Write the zip of a segmentation, labels (Z, Y, X) on the voxels of the series.

    Raises:
        ImageError: the slices cannot be referred to.
    """
    # Imported late: pydicom and highdicom are of no use to a scan in another format.
    from innereye.io.dicom_labels import DicomStructure, Origin  # noqa: PLC0415
    from innereye.io.dicom_seg import write_dicom_seg  # noqa: PLC0415
    from innereye.io.rtstruct import write_rtstruct  # noqa: PLC0415

    write = {DicomFormat.RTSTRUCT: write_rtstruct, DicomFormat.SEG: write_dicom_seg}[request.kind]
    names = settings.ground_truth_ids_display_names or settings.ground_truth_ids
    count = len(settings.ground_truth_ids)
    structures = [
        DicomStructure(name, colour, fills, str(kind))
        for name, colour, fills, kind in zip(
            names,
            settings.colours or [(255, 0, 0)] * count,
            settings.fill_holes or [False] * count,
            settings.roi_interpreted_types or ["ORGAN"] * count,
            strict=True,
        )
    ]
    origin = Origin(settings.manufacturer, settings.interpreter, request.model_id)
    file = folder / request.zip_name.removesuffix(".zip")
    segmentation = Image(labels, series.geometry)
    write(file, segmentation, series, structures=structures, origin=origin)
    write_zip_of_one(folder / request.zip_name, file)
    file.unlink()
