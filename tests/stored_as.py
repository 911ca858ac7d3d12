"""The same subject in other files: numpy, HDF5, and DICOM slices in place of NIfTI."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

from dicom_series import write_series, zipped
from innereye.io.files import read_table, write_table
from innereye.io.image import Image, read_image
from innereye.names import CHANNEL, FILE_PATH, SUBJECT

KINDS = ("npy", "npz", "hdf5", "hdf5 labels", "dicom", "zip")


def store_as(csv_path: Path, subject: str, kind: str) -> None:
    """Write the volumes of a subject in other files, and change its rows."""
    table, root = read_table(csv_path), csv_path.parent
    rows = table[table[SUBJECT] == subject]
    images = {
        channel: read_image(root / path, None)
        for channel, path in zip(rows[CHANNEL], rows[FILE_PATH], strict=True)
    }
    writers: dict[str, Callable[[Path, dict[str, Image]], dict[str, str]]] = {
        "npy": _npy,
        "npz": _npz,
        "hdf5": _hdf5,
        "hdf5 labels": _hdf5_labels,
        "dicom": _dicom,
        "zip": _zip,
    }
    folder = root / f"other_{subject}"
    folder.mkdir()
    paths = writers[kind](folder, images)
    table.loc[rows.index, FILE_PATH] = [f"{folder.name}/{paths[each]}" for each in rows[CHANNEL]]
    write_table(csv_path, table)


def _npy(folder: Path, images: dict[str, Image]) -> dict[str, str]:
    for channel, image in images.items():
        np.save(folder / f"{channel}.npy", image.array)
    return {channel: f"{channel}.npy" for channel in images}


def _npz(folder: Path, images: dict[str, Image]) -> dict[str, str]:
    for channel, image in images.items():
        np.savez_compressed(folder / f"{channel}.npz", image.array)
    return {channel: f"{channel}.npz" for channel in images}


def _hdf5(folder: Path, images: dict[str, Image]) -> dict[str, str]:
    with h5py.File(folder / "all.h5", "w") as file:
        for channel, image in images.items():
            file[channel] = image.array[None]
    return {channel: f"all.h5|{channel}|0" for channel in images}


def _hdf5_labels(folder: Path, images: dict[str, Image]) -> dict[str, str]:
    """Write the masks as one map of labels, one value for each."""
    paths = _hdf5(folder, images)
    masks = [name for name, image in images.items() if image.array.dtype == np.uint8]
    with h5py.File(folder / "all.h5", "a") as file:
        # Masks may overlap; a map for those that do not is what InnerEye reads by value.
        for index, name in enumerate(masks, start=1):
            label = images[name].array * index
            file[f"{name}_map"] = label[None].astype("i4")
            paths[name] = f"all.h5|{name}_map|0|{index}"
    return paths


def _dicom(folder: Path, images: dict[str, Image]) -> dict[str, str]:
    for channel, image in images.items():
        write_series(folder / channel, image.array, image.geometry)
    return {channel: channel for channel in images}


def _zip(folder: Path, images: dict[str, Image]) -> dict[str, str]:
    for channel in _dicom(folder, images):
        zipped(folder / channel, folder / f"{channel}.zip")
        shutil.rmtree(folder / channel)
    return {channel: f"{channel}.zip" for channel in images}
