"""Which pixels does a single DICOM file hold? In the scanner's units, bright where the film is bright."""

from pathlib import Path

import numpy as np
import SimpleITK as sitk  # its usual name

from innereye.errors import ImageError
from innereye.io.nifti import ONE_HEADER_AT_A_TIME

MAGIC, MAGIC_AT = b"DICM", 128
PHOTOMETRIC, BITS_STORED, IS_SIGNED = "0028|0004", "0028|0101", "0028|0103"
SLOPE, INTERCEPT = "0028|1053", "0028|1052"
INVERTED = "MONOCHROME1"


def is_dicom(path: Path) -> bool:
    """Is this a file of DICOM, whatever its name?"""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(MAGIC_AT + len(MAGIC))[MAGIC_AT:] == MAGIC


def read_dicom_file(path: Path) -> np.ndarray:
    """Return the pixels, (Z, Y, X) with Z the frames, with slope and intercept applied.

    In MONOCHROME1 low values are bright: stored values p become 2^bits - 1 - p, or -1 - p where they
    have a sign, before slope and intercept (DICOM PS3.3, C.7.6.3.1.2).

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
    pixels = pixels.reshape((1, *pixels.shape)[-3:])
    if _text(reader, PHOTOMETRIC) != INVERTED:
        return pixels
    return _inverted(pixels.astype(np.float64), reader)


def _inverted(pixels: np.ndarray, reader: sitk.ImageFileReader) -> np.ndarray:
    """Return slope (m - p) + intercept where pixels are slope p + intercept; m is the largest p."""
    slope, intercept = _number(reader, SLOPE, 1.0), _number(reader, INTERCEPT, 0.0)
    bits = int(_number(reader, BITS_STORED, 16))
    largest = -1 if _number(reader, IS_SIGNED, 0) else 2**bits - 1
    return slope * largest + 2 * intercept - pixels


def _text(reader: sitk.ImageFileReader, tag: str) -> str:
    return reader.GetMetaData(tag).strip() if reader.HasMetaDataKey(tag) else ""


def _number(reader: sitk.ImageFileReader, tag: str, default: float) -> float:
    text = _text(reader, tag)
    return float(text) if text else default
