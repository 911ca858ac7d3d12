"""Which volume, and which segmentation, does an HDF5 file of the scalar models hold?

Such a file has the datasets `id`, `acquisition_date`, `volume` and `segmentation`; volumes are stored
as (Z, 1, Y, X). A part of any other file is named `file|dataset|channel` (`io/hdf5.py`).
"""

import gzip
import io
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from innereye.errors import ImageError
from innereye.io.numpy_files import require_plain_volume

HDF5_SUFFIXES = (".h5", ".hdf5", ".h5.gz", ".h5.sz")
VOLUME, SEGMENTATION = "volume", "segmentation"
DATASETS = ("id", "acquisition_date", VOLUME, SEGMENTATION)
DATE_FORMAT = "%Y-%m-%dT%H:%M:%S"


def is_volume_file(path: Path) -> bool:
    """Is this the name of an HDF5 file as a whole, not of a part of one?"""
    return path.name.lower().endswith(HDF5_SUFFIXES)


def read_hdf5_volume(path: Path, dataset: str = VOLUME) -> np.ndarray:
    """Return a dataset of the file, `volume` or `segmentation`, (Z, Y, X), as stored.

    Raises:
        ImageError: the file is missing, damaged, lacks a dataset, or has a date of another form.
    """
    import h5py  # noqa: PLC0415  # a fifth of a second that other formats need not wait for

    try:
        # A file that is only read needs no lock, which folders of a network may refuse.
        with h5py.File(_content(path), "r", locking=False) as file:
            _require_datasets(path, file)
            return _volume(path, dataset, file[dataset])
    except (OSError, EOFError, zlib.error) as error:
        reason = str(error).strip().rstrip(".").splitlines()[0]
        raise ImageError(f"{path} cannot be read as HDF5: {reason}.") from None


def _content(path: Path) -> Path | BinaryIO:
    """Return the file, or its content where it is packed as a whole; the suffix does not say so."""
    with path.open("rb") as stream:
        is_packed = stream.read(2) == b"\x1f\x8b"
    return io.BytesIO(gzip.decompress(path.read_bytes())) if is_packed else path


def _require_datasets(path: Path, file: Any) -> None:
    if missing := [name for name in DATASETS if name not in file]:
        raise ImageError(
            f"{path} lacks the dataset {' and '.join(missing)}; it needs {', '.join(DATASETS)}. "
            "Other files are named file|dataset|channel."
        )
    date = np.asarray(file["acquisition_date"]).ravel()[:1]
    text = date[0].decode() if date.size and isinstance(date[0], bytes) else str(*date)
    try:
        datetime.strptime(text, DATE_FORMAT)
    except ValueError:
        raise ImageError(
            f"{path} has the acquisition_date '{text}'; it reads like 2012-11-17T10:45:12."
        ) from None


def _volume(path: Path, name: str, dataset: Any) -> np.ndarray:
    shape = dataset.shape
    if len(shape) != 4 or shape[1] != 1:
        raise ImageError(f"{path}: {name} has the shape {shape}; (Z, 1, Y, X) is allowed.")
    require_plain_volume(path, (shape[0], *shape[2:]), dataset.dtype)
    return np.asarray(dataset[:, 0])
