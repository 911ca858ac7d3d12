"""How are crops rotated and scaled at random, in mm?"""

from dataclasses import dataclass

import numpy as np

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class AffineParameters:
    """A rotation about the centre of a crop, then a scaling that is the same along each axis.

    A positive angle turns, as `numpy.rot90` does: about Z from Y to X, about Y from Z to X, about X
    from Z to Y; about X first, then Y, then Z. A scaling above 1 makes things larger.
    """

    rotation_zyx_degrees: Triple = (0.0, 0.0, 0.0)
    scaling: float = 1.0

    def is_identity(self) -> bool:
        """Say whether nothing moves."""
        return self.scaling == 1.0 and not any(self.rotation_zyx_degrees)


def draw_affine(
    generator: np.random.Generator,
    *,
    random_rotation_degrees: Triple,
    random_scaling: tuple[float, float],
    augmentation_probability: float,
) -> AffineParameters:
    """Return the change of one crop: rotation and scaling each happen with the given probability.

    Angles come evenly from -max to max per axis (Z, Y, X), the scaling evenly from low to high.
    Always takes six numbers from the generator, so that no field changes the draws of another.
    """
    chance = generator.random(2)
    angles = [float(generator.uniform(-limit, limit)) for limit in random_rotation_degrees]
    scaling = float(generator.uniform(*random_scaling))
    is_rotated, is_scaled = chance < augmentation_probability
    return AffineParameters(
        rotation_zyx_degrees=(angles[0], angles[1], angles[2]) if is_rotated else (0.0, 0.0, 0.0),
        scaling=scaling if is_scaled else 1.0,
    )


def inverse_matrix(
    change: AffineParameters, size_zyx: tuple[int, ...], spacing_zyx_mm: Triple
) -> np.ndarray:
    """Return the 3x4 matrix that takes a place in the result to its place in the source.

    Places are as torch's `affine_grid` has them: X, Y, Z, from -1 to 1 between the outer faces.
    """
    half_extent_mm = 0.5 * np.array(size_zyx) * np.array(spacing_zyx_mm)
    inverse_zyx = _rotation_zyx(change.rotation_zyx_degrees).T / change.scaling
    normalised_zyx = inverse_zyx * half_extent_mm[np.newaxis, :] / half_extent_mm[:, np.newaxis]
    return np.hstack([normalised_zyx[::-1, ::-1], np.zeros((3, 1))])


def _rotation_zyx(degrees_zyx: Triple) -> np.ndarray:
    """Return the rotation matrix for vectors (z, y, x)."""
    rotation = np.eye(3)
    for axis, (first, second) in ((2, (0, 1)), (1, (0, 2)), (0, (1, 2))):
        angle = np.deg2rad(degrees_zyx[axis])
        turn = np.eye(3)
        turn[first, first] = turn[second, second] = np.cos(angle)
        turn[second, first], turn[first, second] = np.sin(angle), -np.sin(angle)
        rotation = turn @ rotation
    return rotation
