"""Where do the voxels of a volume lie? Its grid, and how two grids differ."""

from dataclasses import dataclass

import numpy as np

# Headers hold 32-bit numbers and quaternions that tools round differently; a hundredth of a voxel
# and a thousandth of the spacing are beyond rounding and far below what a segmentation resolves.
SPACING_TOLERANCE = 1e-3
ORIGIN_TOLERANCE_VOXELS = 1e-2
DIRECTION_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Geometry:
    """Grid of a volume: size and spacing in Z, Y, X; origin and direction as ITK has them.

    `is_stated` is False where the format of the file has room for the size only (numpy, HDF5): the
    rest is then the grid of 1 mm that the original takes.
    """

    size_zyx: tuple[int, int, int]
    spacing_zyx_mm: tuple[float, float, float]
    origin_xyz_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    direction: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    is_stated: bool = True

    def differences(self, other: "Geometry") -> list[str]:
        """Return one phrase for each of size, spacing, origin and direction that differs.

        Where one of the two is not stated, only sizes can differ.
        """
        found: list[str] = []
        if self.size_zyx != other.size_zyx:
            found.append(f"size {self.size_zyx} against {other.size_zyx}")
        if not (self.is_stated and other.is_stated):
            return found
        if not np.allclose(self.spacing_zyx_mm, other.spacing_zyx_mm, SPACING_TOLERANCE, 0):
            found.append(_contrast("spacing", self.spacing_zyx_mm, other.spacing_zyx_mm, " mm"))
        tolerance_mm = ORIGIN_TOLERANCE_VOXELS * min(other.spacing_zyx_mm)
        if not np.allclose(self.origin_xyz_mm, other.origin_xyz_mm, 0, tolerance_mm):
            found.append(_contrast("origin", self.origin_xyz_mm, other.origin_xyz_mm, " mm"))
        if not np.allclose(self.direction, other.direction, 0, DIRECTION_TOLERANCE):
            found.append(_contrast("direction", self.direction, other.direction, ""))
        return found


@dataclass(frozen=True)
class Image:
    """Voxels of a volume, (Z, Y, X), and where they lie."""

    array: np.ndarray
    geometry: Geometry


def unit_geometry(size_zyx: tuple[int, int, int]) -> Geometry:
    """Return the grid of a volume whose file tells no more than its size: voxels of 1 mm."""
    return Geometry(size_zyx, (1.0, 1.0, 1.0), is_stated=False)


def _contrast(what: str, ours: tuple[float, ...], theirs: tuple[float, ...], unit: str) -> str:
    def rounded(numbers: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(round(float(number), 4) + 0.0 for number in numbers)

    return f"{what} {rounded(ours)} against {rounded(theirs)}{unit}"
