"""What is in a NIfTI file? Its header, and its voxels with a look at whether all of them are there."""

import gzip
import os
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import SimpleITK as sitk  # its usual name

from innereye.errors import ImageError
from innereye.io.geometry import Geometry

NIFTI_TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4"} | {
    1024: "i8",
    1280: "u8",
}
# ITK makes its readers from tables that threads share: two threads that ask for a reader by name
# crash once in some ten thousand files. A header takes a millisecond, so they take turns.
ONE_HEADER_AT_A_TIME = threading.Lock()


def read_header(path: Path) -> tuple[Geometry, list[int]]:
    """Return the geometry and the sizes of the dimensions after Z, Y, X.

    Raises:
        ImageError: the header is not one, or has fewer than three dimensions.
    """
    # Scanners and converters leave directions that are not quite orthonormal; ITK refuses those
    # unless asked to take the nearest orthonormal ones.
    os.environ.setdefault("ITK_NIFTI_SFORM_PERMISSIVE", "1")
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        with ONE_HEADER_AT_A_TIME:
            reader.ReadImageInformation()
    except RuntimeError:
        _unpack(path)  # says so when the file is damaged; ITK's own words do not
        raise ImageError(f"{path} cannot be read as NIfTI: its header is not one.") from None
    dimensions, size = reader.GetDimension(), reader.GetSize()
    if dimensions < 3:
        raise ImageError(f"{path} has {dimensions} dimensions; 3 are allowed.")
    if min(size) < 1:
        raise ImageError(f"{path} has no voxels: its size (Z, Y, X) is {size[2::-1]}.")
    direction = np.reshape(reader.GetDirection(), (dimensions, dimensions))[:3, :3]
    geometry = Geometry(
        size_zyx=(size[2], size[1], size[0]),
        spacing_zyx_mm=reader.GetSpacing()[2::-1],
        origin_xyz_mm=reader.GetOrigin()[:3],
        direction=tuple(float(cosine) for cosine in direction.flat),
    )
    return geometry, list(size[3:])


def read_voxels(path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike | None) -> np.ndarray:
    """Return the voxels of a NIfTI-1 file, cast to `dtype`; None leaves them as stored.

    ITK fills the rest of a truncated file with zeros and checks no checksum, so bytes are unpacked
    here. Places in the header: datatype 70, vox_offset 108, scl_slope 112, scl_inter 116.

    Raises:
        ImageError: the file is truncated, damaged, or holds no plain numbers.
    """
    content = _unpack(path)
    order = "<" if content[:4] == struct.pack("<i", 348) else ">"
    if content[:4] != struct.pack(f"{order}i", 348):
        raise ImageError(f"{path} is not a NIfTI-1 file; convert it to NIfTI-1.")
    (code,) = struct.unpack_from(f"{order}h", content, 70)
    offset, slope, intercept = struct.unpack_from(f"{order}3f", content, 108)
    if code not in NIFTI_TYPES:
        raise ImageError(f"{path} holds voxels of NIfTI type {code}; plain numbers are allowed.")
    stored = np.dtype(order + NIFTI_TYPES[code])
    count = int(np.prod(shape))
    if len(content) < int(offset) + count * stored.itemsize:
        raise ImageError(f"{path} is truncated: voxels of {shape} need more bytes than it has.")
    array = np.frombuffer(content, stored, count, int(offset)).reshape(shape)
    # A slope of 0 or one that is no number means that voxels are stored as they are.
    is_scaled = np.isfinite(slope) and slope != 0.0 and (slope, intercept) != (1.0, 0.0)
    if is_scaled:
        array = array.astype(np.float64) * slope + intercept
    return array.astype(dtype or array.dtype.newbyteorder("="))


def _unpack(path: Path) -> bytes:
    """Return the content of a file, unpacked and with its checksum compared where it is gzip."""
    try:
        content = path.read_bytes()
        # The suffix can lie; two bytes at the start say whether a file is compressed.
        return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = str(error).rstrip(".")
        raise ImageError(f"{path} is truncated or damaged: {reason}.") from None
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror}.") from None
