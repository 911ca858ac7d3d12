"""What is in a NIfTI file? Voxels and geometry of a volume, read and written."""

import gzip
import os
import struct
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import SimpleITK as sitk  # its usual name

from innereye.errors import ImageError
from innereye.io.files import atomic_write

SUFFIXES = (".nii.gz", ".nii")
NIFTI_TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4"} | {
    1024: "i8",
    1280: "u8",
}
# Headers hold 32-bit numbers and quaternions that tools round differently; a hundredth of a voxel
# and a thousandth of the spacing are beyond rounding and far below what a segmentation resolves.
SPACING_TOLERANCE = 1e-3
ORIGIN_TOLERANCE_VOXELS = 1e-2
DIRECTION_TOLERANCE = 1e-3

# ITK makes its readers from tables that threads share: two threads that ask for a reader by name
# crash once in some ten thousand files. A header takes a millisecond, so they take turns.
_ONE_HEADER_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Geometry:
    """Grid of a volume: size and spacing in Z, Y, X; origin and direction as ITK has them."""

    size_zyx: tuple[int, int, int]
    spacing_zyx_mm: tuple[float, float, float]
    origin_xyz_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    direction: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)

    def differences(self, other: "Geometry") -> list[str]:
        """Return one phrase for each of size, spacing, origin and direction that differs."""
        found: list[str] = []
        if self.size_zyx != other.size_zyx:
            found.append(f"size {self.size_zyx} against {other.size_zyx}")
        if not np.allclose(self.spacing_zyx_mm, other.spacing_zyx_mm, SPACING_TOLERANCE, 0):
            found.append(_contrast("spacing", self.spacing_zyx_mm, other.spacing_zyx_mm, " mm"))
        tolerance_mm = ORIGIN_TOLERANCE_VOXELS * min(other.spacing_zyx_mm)
        if not np.allclose(self.origin_xyz_mm, other.origin_xyz_mm, 0, tolerance_mm):
            found.append(_contrast("origin", self.origin_xyz_mm, other.origin_xyz_mm, " mm"))
        if not np.allclose(self.direction, other.direction, 0, DIRECTION_TOLERANCE):
            found.append(_contrast("direction", self.direction, other.direction, ""))
        return found


@dataclass(frozen=True)
class Image:
    """Voxels of a volume, (Z, Y, X), and where they lie."""

    array: np.ndarray
    geometry: Geometry


def read_geometry(path: Path, *, allow_channels: bool = False) -> Geometry:
    """Return the geometry of a volume from its header alone.

    With `allow_channels`, a volume may have several channels, as for `read_channels`.

    Raises:
        ImageError: the file is missing, not NIfTI, unreadable, or not 3-D.
    """
    geometry, sizes_beyond_space = _read_header(path)
    if not allow_channels:
        _require_volume(path, sizes_beyond_space)
    return geometry


def read_image(path: Path, dtype: npt.DTypeLike | None = np.float32) -> Image:
    """Return the voxels of a volume, cast to `dtype` (None: as stored), and its geometry.

    Raises:
        ImageError: as `read_geometry`; or the file is truncated or damaged.
    """
    geometry, sizes_beyond_space = _read_header(path)
    _require_volume(path, sizes_beyond_space)
    return Image(_read_voxels(path, geometry.size_zyx, dtype), geometry)


def read_channels(path: Path) -> tuple[np.ndarray, Geometry]:
    """Return the voxels, (C, Z, Y, X), as stored, of a volume with one or several channels.

    Raises:
        ImageError: as `read_image`; or the file has more than four dimensions.
    """
    geometry, sizes_beyond_space = _read_header(path)
    if len(sizes_beyond_space) > 1:
        raise ImageError(f"{path} has more than 4 dimensions; 3 or 4 are allowed.")
    channels = sizes_beyond_space[0] if sizes_beyond_space else 1
    return _read_voxels(path, (channels, *geometry.size_zyx), None), geometry


def count_channels(path: Path) -> int:
    """Return the number of channels of a volume from its header: 1 for three dimensions."""
    _, sizes_beyond_space = _read_header(path)
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


def _contrast(what: str, ours: tuple[float, ...], theirs: tuple[float, ...], unit: str) -> str:
    def rounded(numbers: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(round(float(number), 4) + 0.0 for number in numbers)

    return f"{what} {rounded(ours)} against {rounded(theirs)}{unit}"


def _require_volume(path: Path, sizes_beyond_space: list[int]) -> None:
    if any(size != 1 for size in sizes_beyond_space):
        raise ImageError(f"{path} has {3 + len(sizes_beyond_space)} dimensions; 3 are allowed.")


def _read_header(path: Path) -> tuple[Geometry, list[int]]:
    """Return the geometry and the sizes of the dimensions after Z, Y, X."""
    if not path.name.lower().endswith(SUFFIXES):
        raise ImageError(f"{path} is not a NIfTI file; .nii.gz and .nii are allowed.")
    if not path.is_file():
        raise ImageError(f"{path} does not exist.")
    # Scanners and converters leave directions that are not quite orthonormal; ITK refuses those
    # unless asked to take the nearest orthonormal ones.
    os.environ.setdefault("ITK_NIFTI_SFORM_PERMISSIVE", "1")
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        with _ONE_HEADER_AT_A_TIME:
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


def _read_voxels(path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike | None) -> np.ndarray:
    """Return the voxels of a NIfTI-1 file.

    ITK fills the rest of a truncated file with zeros and checks no checksum, so bytes are unpacked
    here. Places in the header: datatype 70, vox_offset 108, scl_slope 112, scl_inter 116.
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
