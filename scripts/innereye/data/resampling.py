"""How does a volume look on another grid? Images, structures, masks and posteriors with new spacings.

Grids share their axes and differ in spacing, size and place along these axes only, so that all is done
in mm along the axes of the volume and its direction does not matter. SimpleITK does the work; its
results do not depend on the number of threads.
"""

from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk

from innereye.data.spacing import Spacing
from innereye.io.geometry import DIRECTION_TOLERANCE, SPACING_TOLERANCE, Geometry

INSIDE = 0.5
TIE = 1e-4  # weights are computed in double and stored in single precision


@dataclass(frozen=True)
class OwnGrid:
    """The grid of a subject's own files, and the mask (Z, Y, X) on it; None where all is valid."""

    geometry: Geometry
    mask: np.ndarray | None = None


def resampled_geometry(geometry: Geometry, spacing_zyx_mm: Spacing) -> Geometry:
    """Return the grid with a spacing that covers a volume: as many voxels as come nearest, centred.

    An axis whose spacing differs by rounding only (SPACING_TOLERANCE) stays as it is; where all do,
    the geometry itself is returned.
    """
    keeps = np.isclose(geometry.spacing_zyx_mm, spacing_zyx_mm, SPACING_TOLERANCE, 0)
    if keeps.all():
        return geometry
    own = np.array(geometry.spacing_zyx_mm)
    spacing = np.where(keeps, own, spacing_zyx_mm)
    extent_mm = np.array(geometry.size_zyx) * own
    # The half is added before rounding down: a half voxel counts as one on every machine.
    size = np.where(keeps, geometry.size_zyx, np.maximum(np.floor(extent_mm / spacing + 0.5), 1))
    # Centres of the outer voxels lie half a voxel inside of the volume, and both centres agree.
    shift_mm = (extent_mm - size * spacing + spacing - own) / 2
    axes = np.reshape(geometry.direction, (3, 3))
    origin = np.asarray(geometry.origin_xyz_mm) + axes @ shift_mm[::-1]
    z, y, x = (int(length) for length in size)
    return replace(
        geometry,
        size_zyx=(z, y, x),
        spacing_zyx_mm=(float(spacing[0]), float(spacing[1]), float(spacing[2])),
        origin_xyz_mm=(float(origin[0]), float(origin[1]), float(origin[2])),
    )


def resample_image(volume: np.ndarray, source: Geometry, target: Geometry) -> np.ndarray:
    """Return the volume (Z, Y, X) on the target grid, float32, by linear interpolation.

    Beyond the centres of the outer voxels the nearest voxel counts. Where the grids are equal the
    volume itself comes back.

    Raises:
        ValueError: the volume does not have the size of the source, or the directions differ.
    """
    return _resample(volume, source, target, sitk.sitkLinear, np.float32)


def resample_posterior(volume: np.ndarray, source: Geometry, target: Geometry) -> np.ndarray:
    """Return the posterior of one class on the target grid, as `resample_image`.

    The weights of the voxels around a point are at least 0 and sum to 1, so posteriors stay between 0
    and 1, and those of all classes still sum to 1 up to rounding: no class needs to know the others.
    """
    return resample_image(volume, source, target)


def resample_mask(mask: np.ndarray, source: Geometry, target: Geometry) -> np.ndarray:
    """Return the mask of valid voxels on the target grid, uint8: each voxel as the nearest one."""
    return _resample(mask, source, target, sitk.sitkNearestNeighbor, np.uint8)


def resample_structure(mask: np.ndarray, source: Geometry, target: Geometry) -> np.ndarray:
    """Return a structure on the target grid, uint8: the voxels where its linear map exceeds a half.

    Where it is a half, the nearest voxel decides. So structures that share no voxel share none after.
    Balls with radii of 8 to 20 mm that went from 3 x 1 x 1 mm to 1.5 mm and back had a Dice of 0.97 and
    more with themselves; by nearest neighbours alone it was 0.93 and more.
    """
    if source == target:
        return mask
    share = resample_image(mask, source, target)
    inside = share > INSIDE
    ties = np.abs(share - INSIDE) <= TIE
    if ties.any():
        inside[ties] = resample_mask(mask, source, target)[ties] == 1
    return inside.view(np.uint8)


def _resample(
    volume: np.ndarray, source: Geometry, target: Geometry, interpolator: int, dtype: type
) -> np.ndarray:
    if volume.shape != source.size_zyx:
        raise ValueError(f"The volume has {volume.shape} voxels, its geometry {source.size_zyx}.")
    if source == target:
        return volume
    if not np.allclose(source.direction, target.direction, 0, DIRECTION_TOLERANCE):
        raise ValueError(f"Directions differ: {source.direction} and {target.direction}.")
    # A target voxel may lie beyond the outer centres; ITK would take the nearest voxel there in all
    # axes. With a border of copies the other axes are interpolated as everywhere.
    image = sitk.GetImageFromArray(np.pad(np.asarray(volume, dtype), 1, mode="edge"))
    image.SetSpacing(source.spacing_zyx_mm[::-1])
    image.SetOrigin([-mm for mm in source.spacing_zyx_mm[::-1]])
    axes = np.reshape(source.direction, (3, 3))
    shift_mm = np.subtract(target.origin_xyz_mm, source.origin_xyz_mm) @ axes
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(target.size_zyx[::-1])
    resampler.SetOutputSpacing(target.spacing_zyx_mm[::-1])
    resampler.SetOutputOrigin([float(mm) for mm in shift_mm])
    resampler.SetInterpolator(interpolator)
    resampler.SetUseNearestNeighborExtrapolator(True)
    return sitk.GetArrayFromImage(resampler.Execute(image))
