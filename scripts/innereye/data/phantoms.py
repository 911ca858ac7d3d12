"""What do subjects look like that need no patients? The generator of HelloWorld's data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.data.phantom_anatomy import SHAPES, draw_anatomy, draw_image
from innereye.io.files import write_table
from innereye.io.image import Geometry, write_image
from innereye.names import (
    CHANNEL,
    DATASET_CSV,
    FILE_PATH,
    INSTITUTION,
    SERIES,
    SUBJECT,
    subject_folder,
)

IMAGES = ("channel1", "channel2")
MASK = "mask"
STRUCTURES = ("region", "region_1")
INSTITUTIONS = ("north", "south")


@dataclass(frozen=True)
class PhantomSet:
    """What a data set of phantoms holds, and under which names."""

    image_channels: Sequence[str] = IMAGES[:1]
    structures: Sequence[str] = STRUCTURES
    mask_id: str | None = MASK
    group_column: str | None = None


HELLO_WORLD = PhantomSet()


def make_phantoms(
    folder: Path,
    *,
    subjects: int,
    seed: int,
    size_zyx: tuple[int, int, int] = (40, 48, 44),
    content: PhantomSet = HELLO_WORLD,
    shuffle_labels: bool = False,
) -> Path:
    """Write a data set of phantoms, subjects 1, 2, ..., and return its dataset.csv, written last.

    Each looks like a CT of a body with an ellipsoid (`region`) and a bent tube (`region_1`), beside
    a plate and a ball of the same intensities, so that a threshold does not find the structures.
    Further structures are balls; every second channel shows things darker that the others show
    brighter. Sizes, spacings and origins vary; the same seed gives the same bytes. With
    `shuffle_labels` the structures' masks are moved to random places: nothing can be learnt from
    them. A `group_column` puts two subjects each into one group.
    """
    if subjects < 1 or not content.image_channels or min(size_zyx) < 16:
        raise ValueError("Phantoms need 1 subject, 1 channel, 16 voxels along each axis.")
    rows = [
        row
        for number in range(1, subjects + 1)
        for row in _write_subject(folder, number, seed, size_zyx, content, shuffle_labels)
    ]
    write_table(folder / DATASET_CSV, pd.DataFrame(rows))
    return folder / DATASET_CSV


def _write_subject(
    folder: Path,
    number: int,
    seed: int,
    size_zyx: tuple[int, int, int],
    content: PhantomSet,
    shuffle_labels: bool,
) -> list[dict[str, str]]:
    subject = str(number)
    shared = {
        SERIES: f"series_{number:03d}",
        INSTITUTION: INSTITUTIONS[number % len(INSTITUTIONS)],
    }
    if content.group_column:
        shared[content.group_column] = f"group_{(number + 1) // 2}"
    generator = np.random.default_rng([seed, number])
    geometry = _draw_geometry(size_zyx, generator)
    volumes = _draw_volumes(geometry.size_zyx, generator, content, shuffle_labels)
    rows = []
    for name, voxels in volumes.items():
        path = f"{subject_folder(subject)}/{name}.nii.gz"
        stored = voxels.astype(np.uint8) if voxels.dtype == bool else voxels
        write_image(folder / path, stored, geometry)
        rows.append({SUBJECT: subject, FILE_PATH: path, CHANNEL: name, **shared})
    return rows


def _draw_volumes(
    size_zyx: tuple[int, int, int],
    generator: np.random.Generator,
    content: PhantomSet,
    shuffle_labels: bool,
) -> dict[str, np.ndarray]:
    """Return the volumes of a subject by channel: images first, int16; masks are bool."""
    anatomy = draw_anatomy(size_zyx, generator, balls=max(0, len(content.structures) - SHAPES))
    volumes = {
        name: draw_image(anatomy, generator, inverted=index % 2 == 1)
        for index, name in enumerate(content.image_channels)
    }
    masks = dict(zip(content.structures, anatomy.structures, strict=False))
    if shuffle_labels:
        shifts = [
            int(generator.integers(size // 4, size - size // 4)) for size in anatomy.body.shape
        ]
        masks = {name: np.roll(map_, shifts, (0, 1, 2)) for name, map_ in masks.items()}
    region = {content.mask_id: anatomy.body} if content.mask_id else {}
    return {**volumes, **region, **masks}


def _draw_geometry(size_zyx: tuple[int, int, int], generator: np.random.Generator) -> Geometry:
    """Return a grid up to a tenth smaller or larger, with spacing near (3, 1, 1) mm."""
    depth, height, width = (round(size * generator.uniform(0.9, 1.1)) for size in size_zyx)
    in_plane = round(generator.uniform(0.95, 1.05), 3)
    x, y, z = (round(shift, 2) for shift in generator.uniform(-50, 50, 3))
    slices_mm = round(generator.uniform(2.8, 3.2), 2)
    return Geometry((depth, height, width), (slices_mm, in_plane, in_plane), (x, y, z))
