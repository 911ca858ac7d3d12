"""What does a scanner's series look like once it is segmented? Slices, a label map, and its structures.

Other programs read what is written: plastimatch for contours, dcmqi for DICOM-SEG. Both are C++ and
share no code with what writes. Voxels are compared where they lie in the patient, by SimpleITK.
"""

import subprocess
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from dicom_series import ORIENTATIONS, write_series
from innereye.io.dicom import Series, find_series
from innereye.io.dicom_labels import DicomStructure, Origin
from innereye.io.geometry import Geometry, Image
from innereye.io.image import write_image

SIZE, SPACING, PLACE = (12, 40, 48), (3.0, 0.8, 1.1), (-20.0, 30.5, -100.25)
STRUCTURES = [
    DicomStructure("femur", (255, 0, 0)),
    DicomStructure("Blase, gefüllt", (0, 200, 80), roi_interpreted_type="None"),
    DicomStructure("never there", (1, 2, 3)),
    DicomStructure("two parts", (0, 80, 255), roi_interpreted_type="CTV"),
]
ORIGIN = Origin("InnerEye's heirs", "Planner^Automatic", "Prostate:7")


@dataclass(frozen=True)
class Segmented:
    """A series and its segmentation, in memory and as the NIfTI that is the reference."""

    series: Series
    segmentation: Image
    nifti: Path


def label_map() -> np.ndarray:
    """Return four labels, the third without voxels: like no mirror image of theirs in any axis."""
    z, y, x = np.ogrid[: SIZE[0], : SIZE[1], : SIZE[2]]
    labels = np.zeros(SIZE, np.uint8)
    labels[((z - 3) / 3) ** 2 + ((y - 10) / 8) ** 2 + ((x - 14) / 12) ** 2 < 1] = 1
    labels[1:5, 8:13, 10:13] = 0  # a hole in it, and beside that another
    labels[3, 9:11, 16:18] = 0
    labels[2:4, 10, 11] = 1  # an island in the hole
    labels[6:, 22:, 30:] = 2  # to the corner of the volume
    labels[7, 2:5, 5:9], labels[7, 30:38, 3:20] = 4, 4
    labels[8, 30, 3] = 4  # a single voxel
    return labels


def segmented(
    folder: Path,
    orientation: str = "axial",
    labels: np.ndarray | None = None,
    spacing_zyx_mm: tuple[float, float, float] = SPACING,
) -> Segmented:
    """Write a series and the NIfTI of its segmentation."""
    labels = label_map() if labels is None else labels
    grid = Geometry(labels.shape, spacing_zyx_mm, PLACE, ORIENTATIONS[orientation])
    # A doubtful thickness: slices that overlap.
    write_series(folder / "ct", labels.astype(np.int16), grid, tags={"0018|0050": "7.5"})
    series = find_series(folder / "ct", folder / "unused")
    write_image(folder / "segmentation.nii.gz", labels, series.geometry)
    return Segmented(series, Image(labels, series.geometry), folder / "segmentation.nii.gz")


def run_reader(package: str, program: str, *arguments: object) -> None:
    """Run a program that a wheel brings; skip where there is no wheel for the system."""
    pytest.importorskip(package)
    found = [each for each in distribution(package).files or [] if each.stem == program]
    path = next(each.locate() for each in found if each.parent.name == "bin")
    done = subprocess.run([path, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def dice_in_patient(nifti: Path, label: int, mask: Path) -> float:
    """Return the Dice of a label of a NIfTI and of a mask on any grid, where they lie in millimetres."""
    reference = sitk.ReadImage(str(nifti))
    moved = sitk.Resample(
        sitk.ReadImage(str(mask)), reference, sitk.Transform(), sitk.sitkNearestNeighbor, 0
    )
    ours = sitk.GetArrayFromImage(reference) == label
    theirs = sitk.GetArrayFromImage(moved) > 0
    return float(2 * (ours & theirs).sum() / (ours.sum() + theirs.sum()))
