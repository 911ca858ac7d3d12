"""How are images of scalar models stored? The same voxels in a file of every kind."""

import gzip
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

from dicom_bytes import write_dicom_file
from innereye.io.geometry import unit_geometry
from innereye.io.image import write_image
from innereye.io.picture import write_picture

DATE = b"2012-11-17T10:45:12"
PICTURE = np.random.default_rng(11).integers(0, 200, (6, 5)).astype(np.uint8)
VOLUME = np.random.default_rng(12).integers(0, 900, (4, 6, 5)).astype(np.int16)


def write_hdf5(path: Path, array: np.ndarray, **datasets: object) -> Path:
    """Write a file of the scalar models: the volume, a segmentation of its values above 500, id and date."""
    content = {
        "id": "7",
        "acquisition_date": DATE,
        "volume": array[:, None],
        "segmentation": (array > 500).astype(np.uint8)[:, None] * 4,
        **datasets,
    }
    with h5py.File(path, "w") as file:
        for name, value in content.items():
            if value is not None:
                file[name] = value
    return path


def write_packed(path: Path, volume: np.ndarray) -> Path:
    """Write such a file, packed as a whole."""
    plain = write_hdf5(path.with_name("plain.h5"), volume)
    path.write_bytes(gzip.compress(plain.read_bytes()))
    return path


def _nifti(path: Path) -> Path:
    write_image(path, VOLUME, unit_geometry(VOLUME.shape))
    return path


def _numpy(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


def _npz(path: Path) -> Path:
    np.savez_compressed(path, VOLUME)
    return path


def _part(path: Path) -> Path:
    with h5py.File(path, "w") as file:
        file["images"] = np.stack([VOLUME * 0, VOLUME])
    return Path(f"{path}|images|1")


def _picture(path: Path) -> Path:
    write_picture(path, PICTURE)
    return path


# A writer for each kind of file, and what is read of it.
KINDS: dict[str, tuple[Callable[[Path], Path], np.ndarray]] = {
    "nii.gz": (lambda f: _nifti(f / "a.nii.gz"), VOLUME),
    "npy": (lambda f: _numpy(f / "a.npy", VOLUME), VOLUME),
    "npy of four dimensions": (lambda f: _numpy(f / "a.npy", VOLUME[None]), VOLUME),
    "npy of a picture": (lambda f: _numpy(f / "a.npy", PICTURE), PICTURE[None]),
    "npz": (lambda f: _npz(f / "a.npz"), VOLUME),
    "png": (lambda f: _picture(f / "a.png"), PICTURE[None]),
    "h5": (lambda f: write_hdf5(f / "a.h5", VOLUME), VOLUME),
    "hdf5": (lambda f: write_hdf5(f / "a.HDF5", VOLUME), VOLUME),
    "h5.gz": (lambda f: write_packed(f / "a.h5.gz", VOLUME), VOLUME),
    "h5.sz": (lambda f: write_hdf5(f / "a.h5.sz", VOLUME), VOLUME),
    "part of hdf5": (lambda f: _part(f / "a.h5"), VOLUME),
    "dcm": (lambda f: write_dicom_file(f / "a.dcm", PICTURE), PICTURE[None]),
    "dcm of frames": (lambda f: write_dicom_file(f / "a.dcm", VOLUME), VOLUME),
    "dicom without a suffix": (lambda f: write_dicom_file(f / "IM0001", PICTURE), PICTURE[None]),
}
