"""What do subjects look like that need no patients? The generator of HelloWorld's data set."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

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

# Hounsfield units, most of them inside a window of 200 around 50.
AIR, TISSUE, REGION, REGION_1, NOISE = -1000.0, 25.0, 105.0, 75.0, 12.0


@dataclass(frozen=True)
class _Anatomy:
    """Where things are in a phantom: bool maps (Z, Y, X)."""

    body: np.ndarray
    region: np.ndarray
    region_1: np.ndarray
    distractors: tuple[np.ndarray, np.ndarray]


def make_phantoms(
    folder: Path,
    *,
    subjects: int,
    seed: int,
    size_zyx: tuple[int, int, int] = (40, 48, 44),
    channels: int = 1,
    shuffle_labels: bool = False,
) -> Path:
    """Write a data set of phantoms, subjects 1, 2, ..., and return its dataset.csv, written last.

    Each looks like a CT of a body with an ellipsoid (`region`) and a bent tube (`region_1`), beside
    a plate and a ball of the same intensities, so that a threshold does not find the structures.
    Sizes, spacings and origins vary; the same seed gives the same bytes. With `shuffle_labels` the
    structures' masks are moved to random places: nothing can be learnt from them.
    """
    if subjects < 1 or channels not in range(1, len(IMAGES) + 1) or min(size_zyx) < 16:
        raise ValueError("Phantoms need 1 subject, 1 or 2 channels, 16 voxels along each axis.")
    rows = [
        row
        for number in range(1, subjects + 1)
        for row in _write_subject(folder, number, seed, size_zyx, channels, shuffle_labels)
    ]
    columns = [SUBJECT, FILE_PATH, CHANNEL, SERIES, INSTITUTION]
    write_table(folder / DATASET_CSV, pd.DataFrame(rows, columns=columns))
    return folder / DATASET_CSV


def _write_subject(
    folder: Path,
    number: int,
    seed: int,
    size_zyx: tuple[int, int, int],
    channels: int,
    shuffle_labels: bool,
) -> list[tuple[str, str, str, str, str]]:
    generator = np.random.default_rng([seed, number])
    geometry = _draw_geometry(size_zyx, generator)
    anatomy = _draw_anatomy(geometry.size_zyx, generator)
    volumes = {
        name: _draw_image(anatomy, generator, inverted=name == IMAGES[1])
        for name in IMAGES[:channels]
    }
    masks = {STRUCTURES[0]: anatomy.region, STRUCTURES[1]: anatomy.region_1}
    if shuffle_labels:
        shifts = [
            int(generator.integers(size // 4, size - size // 4)) for size in anatomy.body.shape
        ]
        masks = {name: np.roll(map_, shifts, (0, 1, 2)) for name, map_ in masks.items()}
    volumes |= {MASK: anatomy.body, **masks}
    subject = str(number)
    rows = []
    for name, voxels in volumes.items():
        path = f"{subject_folder(subject)}/{name}.nii.gz"
        stored = voxels.astype(np.uint8) if voxels.dtype == bool else voxels
        write_image(folder / path, stored, geometry)
        institution = INSTITUTIONS[number % len(INSTITUTIONS)]
        rows.append((subject, path, name, f"series_{number:03d}", institution))
    return rows


def _draw_geometry(size_zyx: tuple[int, int, int], generator: np.random.Generator) -> Geometry:
    """Return a grid up to a tenth smaller or larger, with spacing near (3, 1, 1) mm."""
    depth, height, width = (round(size * generator.uniform(0.9, 1.1)) for size in size_zyx)
    in_plane = round(generator.uniform(0.95, 1.05), 3)
    x, y, z = (round(shift, 2) for shift in generator.uniform(-50, 50, 3))
    slices_mm = round(generator.uniform(2.8, 3.2), 2)
    return Geometry((depth, height, width), (slices_mm, in_plane, in_plane), (x, y, z))


def _draw_anatomy(size_zyx: tuple[int, int, int], generator: np.random.Generator) -> _Anatomy:
    """Return shapes on axes that run from -1 to 1."""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in size_zyx), indexing="ij", sparse=True)
    body = (z / 1.3) ** 4 + (y / 0.92) ** 2 + (x / 0.88) ** 2 < 1
    cz, cy, cx = np.array([0.0, -0.1, -0.35]) + generator.uniform(-0.12, 0.12, 3)
    rz, ry, rx = generator.uniform(0.85, 1.15, 3) * (0.45, 0.34, 0.27)
    region = ((z - cz) / rz) ** 2 + ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 < 1
    phase, sway = generator.uniform(0, 2 * np.pi), generator.uniform(0.08, 0.14)
    radius = generator.uniform(0.15, 0.19)
    tube_y, tube_x = 0.15 + sway * np.cos(2 * z + phase), 0.42 + sway * np.sin(2 * z + phase)
    tube = ((y - tube_y) ** 2 + (x - tube_x) ** 2 < radius**2) & (np.abs(z) < 0.8)
    shift = generator.uniform(-0.05, 0.05)
    plate = (np.abs(y - 0.62 - shift) < 0.06) & (np.abs(x) < 0.45) & (np.abs(z) < 0.7)
    ball = z**2 + (y + 0.55 + shift) ** 2 + (x - 0.3) ** 2 < 0.16**2
    return _Anatomy(body, region & body, tube & body & ~region, (plate & body, ball & body))


def _draw_image(anatomy: _Anatomy, generator: np.random.Generator, *, inverted: bool) -> np.ndarray:
    """Return Hounsfield units, int16. The inverted channel shows structures darker than tissue."""
    shape = anatomy.body.shape
    z, y, x = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij", sparse=True)
    sign = -1.0 if inverted else 1.0
    values = np.where(anatomy.body, TISSUE, AIR) + np.zeros(shape)
    plate, ball = anatomy.distractors
    values[plate], values[ball] = (
        TISSUE + sign * (REGION - TISSUE),
        TISSUE + sign * (REGION_1 - TISSUE),
    )
    waves = 10 * np.sin(x / 2 + generator.uniform(0, 6)) * np.sin(y / 2) * np.cos(z / 2)
    values = np.where(anatomy.region, TISSUE + sign * (REGION - TISSUE) + waves, values)
    grains = generator.normal(0, NOISE, shape)
    values = np.where(anatomy.region_1, TISSUE + sign * (REGION_1 - TISSUE) + grains, values)
    return np.round(values + generator.normal(0, NOISE, shape)).astype(np.int16)
