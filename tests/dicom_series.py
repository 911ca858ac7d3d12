"""How does a scanner leave a volume? A file of DICOM for each slice, in no order of their names."""

import locale
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from innereye.io.geometry import Geometry

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
# Columns of the matrix: along a row of pixels, down a column, across the slices (right-handed).
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, -1.0, 0.0)
SAGITTAL = (0.0, 0.0, -1.0, 1.0, 0.0, 0.0, 0.0, -1.0, 0.0)
OBLIQUE = (0.6, -0.8, 0.0, 0.8, 0.6, 0.0, 0.0, 0.0, 1.0)
DOUBLY_OBLIQUE = (2 / 3, -1 / 3, 2 / 3, 2 / 3, 2 / 3, -1 / 3, -1 / 3, 2 / 3, 2 / 3)
FRAME_OF_REFERENCE, STUDY = "1.2.9", "1.2"
ORIENTATIONS = {
    "axial": AXIAL,
    "coronal": CORONAL,
    "sagittal": SAGITTAL,
    "oblique": OBLIQUE,
    "doubly oblique": DOUBLY_OBLIQUE,
}


def write_series(
    folder: Path,
    array: np.ndarray,
    geometry: Geometry,
    *,
    series: str = "1.2.3",
    slope: float = 1,
    intercept: float = 0,
    places: Sequence[float] | None = None,
    shift_mm: Sequence[float] = (0.0, 0.0, 0.0),
    tags: Mapping[str, str] | None = None,
) -> Path:
    """Write the voxels (Z, Y, X) as slices; `places` are their numbers along Z, whole where even.

    `shift_mm` moves each slice against the one before (X, Y, Z). Stored is (voxel - intercept) / slope.
    """
    folder.mkdir(parents=True, exist_ok=True)
    axes = np.reshape(geometry.direction, (3, 3))
    z_mm, y_mm, x_mm = geometry.spacing_zyx_mm
    for number, pixels in enumerate(array):
        along = number if places is None else places[number]
        position = np.asarray(geometry.origin_xyz_mm) + axes[:, 2] * along * z_mm
        position = position + np.asarray(shift_mm) * number
        image = sitk.GetImageFromArray(pixels[None])
        image.SetSpacing((x_mm, y_mm, z_mm))
        values = {
            "0008|0018": f"{series}.{number + 1}",
            "0008|0020": "20200229",
            "0008|0030": "101112",
            "0008|0060": "CT",
            "0008|103e": f"series {series}",
            "0020|000e": series,
            "0020|000d": STUDY,
            "0020|0052": FRAME_OF_REFERENCE,
            "0020|0013": str(number),
            "0020|0032": _numbers(position),
            "0020|0037": _numbers([*axes[:, 0], *axes[:, 1]]),
            "0028|1053": str(slope),
            "0028|1052": str(intercept),
            **(tags or {}),
        }
        for tag, value in values.items():
            image.SetMetaData(tag, value)
        # 0, 41, 82, 26, ...: the order of the names is not that of the slices.
        _write(image, folder / f"{number // 97 * 97 + number * 41 % 97:03d}_{series}.dcm")
    return folder


def zipped(folder: Path, path: Path) -> Path:
    """Write the files of a folder as a `.zip` with a folder in it."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"study/{file.name}")
    return path


def _write(image: sitk.Image, path: Path) -> None:
    writer = sitk.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    writer.SetImageIO("GDCMImageIO")
    writer.SetFileName(str(path))
    before = locale.setlocale(locale.LC_CTYPE)
    writer.Execute(image)
    # Writing DICOM leaves another one behind, in which Python opens text files as ASCII.
    locale.setlocale(locale.LC_CTYPE, before)


def _numbers(values: Sequence[float]) -> str:
    return "\\".join(f"{value:.6g}" for value in values)
