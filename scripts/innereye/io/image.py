"""How do volumes of any kind become voxels and a grid, and go into a file? The door to all formats."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import SimpleITK as sitk  # its usual name

from innereye.errors import ImageError
from innereye.io import dicom, hdf5, nifti, numpy_files
from innereye.io.files import atomic_write
from innereye.io.geometry import Geometry, Image, unit_geometry
from innereye.io.location import ALLOWED, NIFTI_SUFFIXES, Kind, exists, kind_of

SUFFIXES = NIFTI_SUFFIXES
__all__ = [
    "SUFFIXES",
    "Geometry",
    "Image",
    "count_channels",
    "read_channels",
    "read_geometry",
    "read_image",
    "write_image",
]


def read_geometry(path: Path, *, allow_channels: bool = False) -> Geometry:
    """Return the geometry of a volume from its header alone.

    `path` is a NIfTI or numpy file, `file.h5|dataset|channel`, or a DICOM series. With
    `allow_channels`, a NIfTI file may have several channels, as for `read_channels`.

    Raises:
        ImageError: the file is missing, of no known kind, unreadable, or not 3-D.
    """
    match _kind_of_existing(path):
        case Kind.NUMPY:
            return unit_geometry(numpy_files.read_shape(path))
        case Kind.HDF5:
            return unit_geometry(hdf5.read_shape(path))
        case Kind.DICOM_FOLDER | Kind.DICOM_ZIP:
            return dicom.read_geometry(path)
        case Kind.NIFTI:
            geometry, sizes_beyond_space = nifti.read_header(path)
            if not allow_channels:
                _require_volume(path, sizes_beyond_space)
            return geometry


def read_image(path: Path, dtype: npt.DTypeLike | None = np.float32) -> Image:
    """Return the voxels of a volume, cast to `dtype` (None: as stored), and its geometry.

    `path` is as for `read_geometry`.

    Raises:
        ImageError: as `read_geometry`; or the file is truncated or damaged.
    """
    match _kind_of_existing(path):
        case Kind.NUMPY:
            return _without_grid(numpy_files.read_voxels(path), dtype)
        case Kind.HDF5:
            return _without_grid(hdf5.read_voxels(path), dtype)
        case Kind.DICOM_FOLDER | Kind.DICOM_ZIP:
            image = dicom.read_series(path)
            return Image(image.array.astype(dtype or image.array.dtype, copy=False), image.geometry)
        case Kind.NIFTI:
            geometry, sizes_beyond_space = nifti.read_header(path)
            _require_volume(path, sizes_beyond_space)
            return Image(nifti.read_voxels(path, geometry.size_zyx, dtype), geometry)


def read_channels(path: Path) -> tuple[np.ndarray, Geometry]:
    """Return the voxels, (C, Z, Y, X), as stored, of a NIfTI file with one or several channels.

    Raises:
        ImageError: as `read_image`; or the file has more than four dimensions.
    """
    geometry, sizes_beyond_space = _nifti_header(path)
    if len(sizes_beyond_space) > 1:
        raise ImageError(f"{path} has more than 4 dimensions; 3 or 4 are allowed.")
    channels = sizes_beyond_space[0] if sizes_beyond_space else 1
    return nifti.read_voxels(path, (channels, *geometry.size_zyx), None), geometry


def count_channels(path: Path) -> int:
    """Return the number of channels of a NIfTI file from its header: 1 for three dimensions."""
    _, sizes_beyond_space = _nifti_header(path)
    return int(np.prod(sizes_beyond_space, dtype=int))


def write_image(path: Path, array: np.ndarray, geometry: Geometry) -> None:
    """Write voxels, (Z, Y, X), as `.nii.gz`: type kept, and the same voxels give the same bytes.

    A whole file appears or none. The level of compression is ITK's own: it ignores any other for
    NIfTI, and takes 0.05 s for a mask of 512 x 512 x 150 voxels.
    """
    if array.shape != geometry.size_zyx:
        raise ValueError(f"{path.name}: voxels {array.shape}, geometry {geometry.size_zyx}.")
    if not path.name.endswith(".nii.gz"):
        raise ValueError(f"{path.name}: volumes are written as .nii.gz.")
    image = sitk.GetImageFromArray(array.view(np.uint8) if array.dtype == bool else array)
    image.SetSpacing(geometry.spacing_zyx_mm[::-1])
    image.SetOrigin(geometry.origin_xyz_mm)
    image.SetDirection(geometry.direction)
    with atomic_write(path) as temporary:
        sitk.WriteImage(image, str(temporary), True)


def _kind_of_existing(path: Path) -> Kind:
    kind = kind_of(str(path))
    if kind is Kind.DICOM_FOLDER and path.suffix and not path.is_dir():
        raise ImageError(f"{path} is not a NIfTI file, nor of another known kind; {ALLOWED}.")
    if not exists(path):
        raise ImageError(f"{path} does not exist.")
    if kind is Kind.DICOM_FOLDER and not path.is_dir():
        raise ImageError(f"{path} is a file of no known kind; {ALLOWED}.")
    return kind


def _nifti_header(path: Path) -> tuple[Geometry, list[int]]:
    if _kind_of_existing(path) is not Kind.NIFTI:
        raise ImageError(f"{path} is not a NIfTI file; .nii.gz and .nii are allowed here.")
    return nifti.read_header(path)


def _without_grid(array: np.ndarray, dtype: npt.DTypeLike | None) -> Image:
    """Return an image whose file tells no more than its voxels."""
    if dtype is None and array.dtype == bool:
        array = array.view(np.uint8)
    z, y, x = array.shape
    stored = dtype or array.dtype.newbyteorder("=")
    return Image(np.ascontiguousarray(array, dtype=stored), unit_geometry((z, y, x)))


def _require_volume(path: Path, sizes_beyond_space: list[int]) -> None:
    if any(size != 1 for size in sizes_beyond_space):
        raise ImageError(f"{path} has {3 + len(sizes_beyond_space)} dimensions; 3 are allowed.")
