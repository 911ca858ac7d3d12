"""How does a Medical Segmentation Decathlon or nnU-Net folder become a data set of ours?"""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.data.msd_source import Case, Source, read_source
from innereye.errors import DatasetError, ImageError, list_faults
from innereye.io.files import write_table
from innereye.io.image import (
    Geometry,
    count_channels,
    read_channels,
    read_geometry,
    read_image,
    write_image,
)
from innereye.io.links import link_or_copy
from innereye.names import CHANNEL, DATASET_CSV, FILE_PATH, SERIES, SUBJECT, subject_folder

logger = logging.getLogger(__name__)

Row = tuple[str, str, str, str]


def import_msd(source: Path, destination: Path, *, workers: int = 2) -> Path:
    """Turn a Decathlon or nnU-Net v2 folder into a data set, and return its dataset.csv.

    One binary mask per structure is written; images are linked or copied as they are, and only
    images with several channels in one file are written anew, channel by channel. dataset.csv is
    written last: without it the folder is no data set.

    Raises:
        DatasetError: all faults of the source, or the destination holds a data set already.
    """
    if (destination / DATASET_CSV).exists():
        raise DatasetError(
            f"{destination} holds a data set already; delete its {DATASET_CSV} or choose another "
            "local_dataset."
        )
    contents = read_source(source)
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        results = list(
            pool.map(lambda case: _import_case(case, contents, destination), contents.cases)
        )
    faults = [fault for found, _ in results for fault in found]
    if faults:
        raise DatasetError(list_faults(f"{source} cannot be imported:", faults))
    logger.info("Imported %d cases from %s.", len(contents.cases), source)
    rows = [row for _, written in results for row in written]
    frame = pd.DataFrame(rows, columns=[SUBJECT, FILE_PATH, CHANNEL, SERIES])
    write_table(destination / DATASET_CSV, frame)
    return destination / DATASET_CSV


def _import_case(case: Case, source: Source, destination: Path) -> tuple[list[str], list[Row]]:
    """Return the faults of a case, or the rows of the files that were written for it."""
    try:
        geometry, faults = _geometry(case)
        labels, label_faults = _labels(case, source)
        faults += label_faults
        channels = sum(count_channels(path) for path in case.images)
    except ImageError as error:
        return [f"case {case.name}: {error}"], []
    if channels != len(source.channels):
        faults.append(
            f"case {case.name}: there are {channels} channels; "
            f"dataset.json lists {', '.join(source.channels)}"
        )
    if faults:
        return faults, []
    folder = subject_folder(case.subject)
    names: list[tuple[str, str]] = []
    try:
        for channel, name in _place_images(case, source, destination / folder, geometry):
            names.append((channel, name))
    except ImageError as error:
        return [f"case {case.name}: {error}"], []
    for value, structure in source.structures.items():
        name = f"{structure}.nii.gz"
        write_image(destination / folder / name, (labels == value).astype(np.uint8), geometry)
        names.append((structure, name))
    return [], [(case.subject, f"{folder}/{name}", channel, case.name) for channel, name in names]


def _geometry(case: Case) -> tuple[Geometry, list[str]]:
    """Return the geometry of the first image, and how other files of the case differ from it."""
    geometry = _space(case.images[0])
    faults = [
        f"case {case.name}, {path}: {difference} of {case.images[0].name}"
        for path in (*case.images[1:], case.label)
        for difference in _space(path).differences(geometry)
    ]
    return geometry, faults


def _space(path: Path) -> Geometry:
    return read_geometry(path, allow_channels=True)


def _labels(case: Case, source: Source) -> tuple[np.ndarray, list[str]]:
    """Return the label map, (Z, Y, X), and a sentence on the values that dataset.json lacks."""
    labels = read_image(case.label, None).array
    found = np.flatnonzero(np.bincount(labels.ravel())) if labels.dtype == np.uint8 else None
    values = np.unique(labels) if found is None else found
    unknown = [f"{value:g}" for value in values if value not in (0, *source.structures)]
    if not unknown:
        return labels, []
    allowed = ", ".join(str(value) for value in (0, *source.structures))
    shown = ", ".join(unknown[:5])
    return labels, [
        f"case {case.name}, {case.label}: holds label values {shown}; dataset.json lists {allowed}"
    ]


def _place_images(
    case: Case, source: Source, folder: Path, geometry: Geometry
) -> Iterator[tuple[str, str]]:
    """Give channel and file name of each image, as it is put into the folder of the subject."""
    if len(case.images) < len(source.channels):
        voxels, _ = read_channels(case.images[0])
        for channel, array in zip(source.channels, voxels, strict=True):
            write_image(folder / f"{channel}.nii.gz", array, geometry)
            yield channel, f"{channel}.nii.gz"
        return
    for channel, path in zip(source.channels, case.images, strict=True):
        name = f"{channel}.nii.gz" if path.name.lower().endswith(".gz") else f"{channel}.nii"
        link_or_copy(path, folder / name)
        yield channel, name
