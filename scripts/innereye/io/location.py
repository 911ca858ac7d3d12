"""What does a filePath of dataset.csv lead to? A file of some kind, or a part of one.

`scan.nii.gz`, `scan.npy` and `series.zip` are files, `scan.h5|volume|0` is a part of one, and a path
without such an ending is a folder of DICOM slices. Only texts are looked at, no file is opened.
"""

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

NIFTI_SUFFIXES = (".nii.gz", ".nii")
NUMPY_SUFFIXES = (".npy", ".npz")
ZIP_SUFFIX = ".zip"
ALLOWED = (
    ".nii.gz, .nii, .npy, .npz, file|dataset|channel or file|dataset|channel|value for HDF5, and a "
    "folder or .zip of DICOM slices are allowed"
)
MALFORMED_PART = (
    "{path} must read file|dataset|channel or file|dataset|channel|value, such as scan.h5|volume|0; the "
    "channel is a whole number"
)
# The parts after the file are taken from the end, as the folders of a user may have a | in their names.
_HDF5_PARTS = re.compile(r"(.+)\|([^|]+)\|(-?\d+)\|([^|]+)|(.+)\|([^|]+)\|(-?\d+)", re.DOTALL)


class Kind(Enum):
    """How a volume is stored."""

    NIFTI = auto()
    NUMPY = auto()
    HDF5 = auto()
    DICOM_ZIP = auto()
    DICOM_FOLDER = auto()


_OF_EXTRA_FOLDER = re.compile(r"extra_local_dataset_paths\[(\d+)\]/(.+)", re.DOTALL)


@dataclass(frozen=True)
class Hdf5Part:
    """A part of an HDF5 file: a channel of a dataset, or the mask of the voxels of one value."""

    file: str
    dataset: str
    channel: int
    value: str = ""


def is_dicom(path: Path) -> bool:
    """Is this a folder or a zip, and so meant as a DICOM series?"""
    return path.is_dir() or kind_of(str(path)) is Kind.DICOM_ZIP


def kind_of(path: str) -> Kind:
    """Return how the volume that a filePath leads to is stored."""
    name = path.lower()
    if name.endswith(NIFTI_SUFFIXES):
        return Kind.NIFTI
    if name.endswith(NUMPY_SUFFIXES):
        return Kind.NUMPY
    if name.endswith(ZIP_SUFFIX):
        return Kind.DICOM_ZIP
    return Kind.HDF5 if "|" in name else Kind.DICOM_FOLDER


def hdf5_part(path: str) -> Hdf5Part | None:
    """Return what `file|dataset|channel` or `file|dataset|channel|value` means; None if neither."""
    found = _HDF5_PARTS.fullmatch(path)
    if found is None:
        return None
    if found[1]:
        return Hdf5Part(found[1], found[2], int(found[3]), found[4])
    return Hdf5Part(found[5], found[6], int(found[7]))


def file_of(path: str) -> str:
    """Return the file or folder of a filePath, without the part of it that is meant."""
    if "|" not in path or kind_of(path) is not Kind.HDF5:
        return path
    part = hdf5_part(path)
    return part.file if part else path.partition("|")[0]


def exists(path: Path) -> bool:
    """Is the file that a filePath leads to there, or the folder?"""
    place = Path(file_of(str(path)))
    return place.is_file() or (kind_of(str(path)) is Kind.DICOM_FOLDER and place.is_dir())


def size_and_time(path: str) -> tuple[int, int] | None:
    """Return size in bytes and time of the last change in ns; None where there is no such file.

    For a folder these are the sum over its files, and the latest time of them and of the folder,
    which changes when a file comes or goes.
    """
    try:
        found = os.stat(file_of(path))  # noqa: PTH116  # pathlib is 10 times slower here
        if not stat.S_ISDIR(found.st_mode):
            return found.st_size, found.st_mtime_ns
        with os.scandir(path) as entries:
            inside = [entry.stat() for entry in entries if entry.is_file()]
    except OSError:
        return None
    times = [found.st_mtime_ns, *(each.st_mtime_ns for each in inside)]
    return sum(each.st_size for each in inside), max(times)


def in_extra_folder(path: str, number: int) -> str:
    """Return how a table spells a filePath of the extra data set of a number, counted from 0."""
    return f"extra_local_dataset_paths[{number}]/{path}"


def without_folder(path: str) -> str:
    """Return a filePath as the table of its own data set spells it."""
    found = _OF_EXTRA_FOLDER.fullmatch(path)
    return found[2] if found else path


def locate(path: str, root: Path, extra_folders: Sequence[Path] = ()) -> Path:
    """Return the place of a filePath below the data set's folder, or below an extra one's."""
    found = _OF_EXTRA_FOLDER.fullmatch(path)
    if found is None or int(found[1]) >= len(extra_folders):
        return root / path
    return Path(extra_folders[int(found[1])]) / found[2]
