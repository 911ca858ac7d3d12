"""How does an image of a scalar model become voxels? The door to its formats, 2D and 3D."""

from pathlib import Path

import numpy as np

from innereye.errors import ImageError
from innereye.io.dicom_file import is_dicom, read_dicom_file
from innereye.io.hdf5_volume import HDF5_SUFFIXES, is_volume_file, read_hdf5_volume
from innereye.io.image import read_image
from innereye.io.location import NUMPY_SUFFIXES, Kind, kind_of
from innereye.io.numpy_files import read_picture_or_volume
from innereye.io.picture import PICTURE_SUFFIXES, read_picture

DICOM_SUFFIX = ".dcm"
ALLOWED = (
    ".nii.gz, .nii, .npy, .npz, .png, .jpg, .dcm, "
    + ", ".join(HDF5_SUFFIXES)
    + ", file|dataset|channel for HDF5, and a folder or .zip of DICOM slices are allowed"
)


def read_scalar_image(path: Path) -> np.ndarray:
    """Return the voxels of an image, (Z, Y, X), as stored; Z is 1 for 2D images.

    Raises:
        ImageError: the file is missing, of no known kind, truncated or damaged, or has other dimensions.
    """
    name = path.name.lower()
    if "|" not in str(path) and not path.exists():
        raise ImageError(f"{path} does not exist.")
    if name.endswith(PICTURE_SUFFIXES):
        return read_picture(path)
    if name.endswith(NUMPY_SUFFIXES):
        return read_picture_or_volume(path)
    if is_volume_file(path):
        return read_hdf5_volume(path)
    if kind_of(str(path)) is Kind.DICOM_FOLDER and not path.is_dir():
        if name.endswith(DICOM_SUFFIX) or is_dicom(path):
            return read_dicom_file(path)
        raise ImageError(f"{path} is a file of no known kind; {ALLOWED}.")
    return read_image(path, None).array
