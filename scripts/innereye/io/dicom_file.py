"""Which pixels does a single DICOM file hold? In the scanner's units, bright where the film is bright."""

from pathlib import Path

import numpy as np
import SimpleITK as sitk  # its usual name

from innereye.errors import ImageError
from innereye.io.nifti import ONE_HEADER_AT_A_TIME

MAGIC, MAGIC_AT = b"DICM", 128


def is_dicom(path: Path) -> bool:
    """Is this a file of DICOM, whatever its name?"""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(MAGIC_AT + len(MAGIC))[MAGIC_AT:] == MAGIC


def read_dicom_file(path: Path) -> np.ndarray:
    """Return the pixels, (Z, Y, X) with Z the frames, with slope and intercept applied.

    In MONOCHROME1 low values are bright: stored values p become 2^bits - 1 - p, or -1 - p where they
    have a sign, before slope and intercept (DICOM PS3.3, C.7.6.3.1.2). GDCM does all of this.

    Raises:
        ImageError: the file is no DICOM image, is damaged, or holds colours.
    """
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(str(path))
    try:
        with ONE_HEADER_AT_A_TIME:
            reader.ReadImageInformation()
            image = reader.Execute()
    except RuntimeError:
        raise ImageError(
            f"{path} cannot be read as DICOM: it is truncated, damaged, or no image."
        ) from None
    if image.GetNumberOfComponentsPerPixel() != 1:
        raise ImageError(f"{path} holds colours; grey values are allowed.")
    pixels = sitk.GetArrayFromImage(image)
    return pixels.reshape((1, *pixels.shape)[-3:])
