"""How are crops bent at random, in mm, without a fold?"""

from dataclasses import dataclass

import numpy as np

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class ElasticParameters:
    """Shifts of the points of a regular grid, `smoothness_mm` apart, with a cubic B-spline between.

    Each point is shifted by up to `magnitude_mm` along each axis, and so is everything between them.
    There is no fold where that is below 1/2.48 of the distance (Choi and Lee, Injectivity conditions
    of 2D and 3D uniform cubic B-spline functions, 2000).
    """

    magnitude_mm: float = 0.0
    smoothness_mm: float = 1.0
    seed: int = 0

    def is_identity(self) -> bool:
        """Say whether nothing moves."""
        return self.magnitude_mm == 0.0


@dataclass(frozen=True)
class Bending:
    """A field of shifts in factors, which is what makes it cheap.

    shifts_zyx_mm: (3, A, B, C), those of the control points; weights: for each axis the share that
    each control point has in each voxel, (Z, A), (Y, B), (X, C), each row with the sum 1.
    """

    shifts_zyx_mm: np.ndarray
    weights: tuple[np.ndarray, np.ndarray, np.ndarray]


def draw_elastic(
    generator: np.random.Generator,
    *,
    random_elastic_mm: float,
    random_elastic_smoothness_mm: float,
    augmentation_probability: float,
) -> ElasticParameters:
    """Return the bending of one crop, which happens with the given probability.

    The magnitude comes evenly from 0 to max. Always takes three numbers from the generator.
    """
    is_bent = generator.random() < augmentation_probability
    magnitude = float(generator.uniform(0.0, random_elastic_mm))
    seed = int(generator.integers(2**62))
    return ElasticParameters(magnitude if is_bent else 0.0, random_elastic_smoothness_mm, seed)


def bending(
    change: ElasticParameters, size_zyx: tuple[int, ...], spacing_zyx_mm: Triple
) -> Bending:
    """Return the shifts of a crop's voxels: a voxel of the result shows what lies at its shift."""
    z, y, x = (
        _spline_weights(size, spacing, change.smoothness_mm)
        for size, spacing in zip(size_zyx, spacing_zyx_mm, strict=True)
    )
    points = (3, z.shape[1], y.shape[1], x.shape[1])
    shifts = np.random.default_rng(change.seed).uniform(-1.0, 1.0, points)
    return Bending(shifts * change.magnitude_mm, (z, y, x))


def _spline_weights(size: int, spacing_mm: float, smoothness_mm: float) -> np.ndarray:
    """Return the weights (voxels, control points) of a uniform cubic B-spline along one axis."""
    # Control points closer than voxels would bend nothing that can be seen, and fill the memory.
    distance_mm = max(smoothness_mm, spacing_mm)
    cells = int(np.ceil(size * spacing_mm / distance_mm))
    from_middle_mm = (np.arange(size) - (size - 1) / 2) * spacing_mm
    place = from_middle_mm / distance_mm + cells / 2
    cell = np.clip(np.floor(place).astype(int), 0, cells - 1)
    t = place - cell
    four = np.stack(
        [
            (1 - t) ** 3,
            3 * t**3 - 6 * t**2 + 4,
            -3 * t**3 + 3 * t**2 + 3 * t + 1,
            t**3,
        ],
        axis=1,
    )
    weights = np.zeros((size, cells + 3))
    weights[np.arange(size)[:, np.newaxis], cell[:, np.newaxis] + np.arange(4)] = four / 6
    return weights
