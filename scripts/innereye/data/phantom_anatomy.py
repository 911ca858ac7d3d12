"""What is inside a phantom? A body with shapes in it, and how it looks in a scan."""

from dataclasses import dataclass
from math import ceil

import numpy as np

# Hounsfield units, most of them inside a window of 200 around 50.
AIR, TISSUE, REGION, REGION_1, NOISE = -1000.0, 25.0, 105.0, 75.0, 12.0
# Beyond the two shapes: how far balls stand out of the tissue, one after the other.
BALLS = (110.0, -60.0, 50.0, -30.0)
SHAPES = 2
SITES_YX = tuple((y, x) for y in (-0.55, 0.0, 0.55) for x in (-0.55, 0.0, 0.55))


@dataclass(frozen=True)
class Anatomy:
    """Where things are in a phantom: bool maps (Z, Y, X). No two structures share a voxel."""

    body: np.ndarray
    structures: tuple[np.ndarray, ...]
    distractors: tuple[np.ndarray, np.ndarray]


def draw_anatomy(
    size_zyx: tuple[int, int, int], generator: np.random.Generator, *, balls: int = 0
) -> Anatomy:
    """Return an ellipsoid, a bent tube and so many balls, in a body beside a plate and a ball."""
    z, y, x = _axes(size_zyx)
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
    shapes = [region & body, tube & body & ~region, *_draw_balls(size_zyx, generator, balls)]
    return Anatomy(body, _without_overlap(shapes, body), (plate & body, ball & body))


def _axes(size_zyx: tuple[int, int, int]) -> tuple[np.ndarray, ...]:
    """Return coordinates along Z, Y and X that run from -1 to 1."""
    return np.meshgrid(*(np.linspace(-1, 1, n) for n in size_zyx), indexing="ij", sparse=True)


def _draw_balls(
    size_zyx: tuple[int, int, int], generator: np.random.Generator, count: int
) -> list[np.ndarray]:
    """Return small balls, nine a level, that share no voxel."""
    if not count:
        return []
    levels = ceil(count / len(SITES_YX))
    heights = [0.0] if levels == 1 else list(np.linspace(-0.8, 0.8, levels))
    flatness = min(0.2, 0.7 / levels)
    z, y, x = _axes(size_zyx)
    balls = []
    for number in range(count):
        (cy, cx), cz = SITES_YX[number % len(SITES_YX)], heights[number // len(SITES_YX)]
        cy, cx = np.array([cy, cx]) + generator.uniform(-0.05, 0.05, 2)
        radius = generator.uniform(0.15, 0.2)
        balls.append(
            ((z - cz) / flatness) ** 2 + ((y - cy) / radius) ** 2 + ((x - cx) / radius) ** 2 < 1
        )
    return balls


def _without_overlap(shapes: list[np.ndarray], body: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return shapes inside the body, each without the voxels of those that come later."""
    kept: list[np.ndarray] = []
    taken = np.zeros(body.shape, bool)
    for shape in reversed(shapes):
        kept.append(shape & body & ~taken)
        taken |= shape
    return tuple(reversed(kept))


def draw_image(anatomy: Anatomy, generator: np.random.Generator, *, inverted: bool) -> np.ndarray:
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
    region, region_1, *balls = anatomy.structures
    waves = 10 * np.sin(x / 2 + generator.uniform(0, 6)) * np.sin(y / 2) * np.cos(z / 2)
    values = np.where(region, TISSUE + sign * (REGION - TISSUE) + waves, values)
    grains = generator.normal(0, NOISE, shape)
    values = np.where(region_1, TISSUE + sign * (REGION_1 - TISSUE) + grains, values)
    for number, ball_map in enumerate(balls):
        values[ball_map] = TISSUE + sign * BALLS[number % len(BALLS)]
    return np.round(values + generator.normal(0, NOISE, shape)).astype(np.int16)
