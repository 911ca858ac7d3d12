"""Which volume is a series of DICOM slices? Sorted by place, evenly spaced, in the scanner's units.

The grid is that of the slices' own headers: pixel spacing, orientation, and the distance between
neighbours. GDCM reads each slice and applies its rescale slope and intercept.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk  # its usual name

from innereye.errors import ArchiveError, ImageError
from innereye.io.archives import unpack
from innereye.io.dicom_slices import Slice, grid_of, reader_of, sorted_slices
from innereye.io.geometry import Geometry, Image
from innereye.io.location import Kind, kind_of
from innereye.io.nifti import ONE_HEADER_AT_A_TIME

INDEX = "DICOMDIR"  # the table of contents of a disc, no slice


@dataclass(frozen=True)
class Series:
    """The slices of one series in the order of their places, Z first, and their grid."""

    path: Path
    slices: tuple[Slice, ...]
    geometry: Geometry

    @property
    def files(self) -> list[Path]:
        """The files of the slices, sorted as the volume is."""
        return [each.path for each in self.slices]


def find_series(path: Path, unpack_into: Path) -> Series:
    """Return the one series in a folder, or in a zip of one, folders in it and other files included.

    `unpack_into` is missing or empty; a zip's files stay there, a folder's stay where they are.

    Raises:
        ArchiveError: as `unpack`.
        ImageError: as `read_geometry`.
    """
    if path.is_dir():
        return _series_of(path, _below(path))
    unpack(path, unpack_into)
    return _series_of(path, _below(unpack_into))


def read_voxels(series: Series) -> Image:
    """Return the voxels (Z, Y, X) of a series, Z along the normal of its slices, and its grid.

    Raises:
        ImageError: a slice is damaged, or compressed in a way that cannot be read.
    """
    # Slices may have slopes of their own (PET), and so types: numpy finds one that holds all.
    voxels = np.stack([_pixels(series.path, each) for each in series.slices])
    return Image(voxels, series.geometry)


def read_geometry(path: Path) -> Geometry:
    """Return the grid of a series, a folder or a `.zip` of one, from the headers of its slices.

    Raises:
        ImageError: there is no series or more than one, or its slices form no even grid.
    """
    with _files(path) as files:
        return _series_of(path, files).geometry


def read_series(path: Path) -> Image:
    """Return the voxels (Z, Y, X) of a series, a folder or a `.zip` of one, and its grid.

    Raises:
        ImageError: as `read_geometry` and `read_voxels`.
    """
    with _files(path) as files:
        return read_voxels(_series_of(path, files))


def _series_of(path: Path, files: list[Path]) -> Series:
    slices = sorted_slices(path, files)
    return Series(path, tuple(slices), grid_of(path, slices))


@contextmanager
def _files(path: Path) -> Iterator[list[Path]]:
    """Give the files that may be slices; those of a `.zip` lie in a temporary folder meanwhile."""
    if kind_of(str(path)) is not Kind.DICOM_ZIP:
        yield sorted(each for each in path.iterdir() if _may_be_slice(path, each))
        return
    with tempfile.TemporaryDirectory(prefix="dicom_") as folder:
        try:
            unpack(path, Path(folder))
        except ArchiveError as error:
            raise ImageError(str(error)) from None
        yield _below(Path(folder))


def _below(folder: Path) -> list[Path]:
    """Return the files that may be slices, in the folder and the folders in it."""
    return sorted(each for each in folder.rglob("*") if _may_be_slice(folder, each))


def _may_be_slice(folder: Path, path: Path) -> bool:
    inside = path.relative_to(folder)
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in inside.parts)
    return path.is_file() and not is_hidden and path.name.upper() != INDEX


def _pixels(path: Path, each: Slice) -> np.ndarray:
    try:
        with ONE_HEADER_AT_A_TIME:
            pixels = sitk.GetArrayFromImage(reader_of(each.path).Execute())
    except RuntimeError:
        raise ImageError(
            f"{path}: the slice {each.path.name} is truncated or damaged{_compression(each.path)}."
        ) from None
    return pixels.reshape(pixels.shape[-2:])


def _compression(file: Path) -> str:
    """Name the compression of a slice that cannot be read, as there are some that GDCM lacks."""
    from pydicom.filereader import read_file_meta_info  # noqa: PLC0415  # only where it goes wrong

    syntax = read_file_meta_info(file).get("TransferSyntaxUID")
    if syntax is None or not syntax.is_compressed:
        return ""
    return f", or its compression ({syntax.name}) cannot be read; decompress the series first"
