"""How do a crop, its labels and its mask move together? Mirrored, turned, scaled and bent at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from innereye.transforms.affine import AffineParameters, inverse_matrix
from innereye.transforms.elastic import ElasticParameters, bending

Triple = tuple[float, float, float]
STILL = AffineParameters()
UNBENT = ElasticParameters()


@dataclass(frozen=True)
class WarpParameters:
    """A crop is mirrored along `flip_axes` (0 is Z, 1 Y, 2 X), then turned and scaled, then bent."""

    affine: AffineParameters = STILL
    elastic: ElasticParameters = UNBENT
    flip_axes: tuple[int, ...] = ()

    def keeps_the_grid(self) -> bool:
        """Say whether voxels change their places only, so that nothing is interpolated."""
        return self.affine.is_identity() and self.elastic.is_identity()


@dataclass(frozen=True)
class Volumes:
    """A batch of crops: images (B, C, Z, Y, X), one-hot labels (B, K, Z, Y, X), masks (B, Z, Y, X).

    The background is the first of the K classes; `masks` is None where every voxel is valid.
    """

    images: Tensor
    labels: Tensor
    masks: Tensor | None = None


def apply_warp(
    volumes: Volumes,
    *,
    parameters: Sequence[WarpParameters],
    spacings_zyx_mm: Sequence[Triple],
    exclusive: bool = True,
) -> Volumes:
    """Return the batch after one change per crop; crops without change come back bit for bit.

    Images are interpolated linearly and continue with their border values. Labels stay one-hot: the
    likeliest class (`exclusive`), else each structure above one half and the background where there
    is none. Masks take the nearest voxel. Outside lies background that is not valid. Whatever moves
    a crop, it is interpolated once. Raises ValueError where the numbers of crops differ.
    """
    images, labels = volumes.images, volumes.labels
    if not len(images) == len(labels) == len(parameters) == len(spacings_zyx_mm):
        raise ValueError(
            f"A change and a spacing are needed for each crop; got {len(images)} images, "
            f"{len(labels)} labels, {len(parameters)} changes, {len(spacings_zyx_mm)} spacings."
        )
    volumes = _mirrored(volumes, parameters)
    moved = [crop for crop, change in enumerate(parameters) if not change.keeps_the_grid()]
    if not moved:
        return volumes
    grid = _source_places(
        [parameters[crop] for crop in moved],
        [spacings_zyx_mm[crop] for crop in moved],
        images[moved],
    )
    return _resampled(volumes, moved, grid, exclusive=exclusive)


def _mirrored(volumes: Volumes, parameters: Sequence[WarpParameters]) -> Volumes:
    """Turn round the axes of each crop that are to be mirrored: nothing is interpolated."""
    if not any(change.flip_axes for change in parameters):
        return volumes

    def mirrored(batch: Tensor) -> Tensor:
        # The last three axes are Z, Y, X, whatever stands before them.
        axes = [[axis - 3 for axis in change.flip_axes] for change in parameters]
        return torch.stack([crop.flip(flips) for crop, flips in zip(batch, axes, strict=True)])

    masks = None if volumes.masks is None else mirrored(volumes.masks)
    return Volumes(mirrored(volumes.images), mirrored(volumes.labels), masks)


def _source_places(
    parameters: Sequence[WarpParameters], spacings_zyx_mm: Sequence[Triple], images: Tensor
) -> Tensor:
    """Return where each voxel of a result comes from, (B, Z, Y, X, 3), as `grid_sample` has it."""
    size_zyx = tuple(images.shape[2:])
    matrices = np.stack(
        [
            inverse_matrix(change.affine, size_zyx, spacing)
            for change, spacing in zip(parameters, spacings_zyx_mm, strict=True)
        ]
    )
    theta = torch.from_numpy(matrices).to(images.device, images.dtype)
    grid = functional.affine_grid(theta, list(images.shape), align_corners=False)
    for crop, (change, spacing) in enumerate(zip(parameters, spacings_zyx_mm, strict=True)):
        if not change.elastic.is_identity():
            grid[crop] += _bent(change.elastic, matrices[crop, :, :3], size_zyx, spacing, grid)
    return grid


def _bent(
    change: ElasticParameters,
    matrix: np.ndarray,
    size_zyx: tuple[int, ...],
    spacing_zyx_mm: Triple,
    like: Tensor,
) -> Tensor:
    """Return the shifts (Z, Y, X, 3) of a bending that is followed by a matrix.

    The matrix is applied to the few control points, and the spline axis by axis.
    """
    bent = bending(change, size_zyx, spacing_zyx_mm)
    half_extent_mm = 0.5 * np.array(size_zyx) * np.array(spacing_zyx_mm)
    normalised = bent.shifts_zyx_mm / half_extent_mm[:, np.newaxis, np.newaxis, np.newaxis]
    points = np.tensordot(matrix, normalised[::-1], axes=1)
    shifts = torch.from_numpy(points).to(like.device, like.dtype)
    z, y, x = (torch.from_numpy(each).to(like.device, like.dtype) for each in bent.weights)
    along_x = shifts @ x.T
    along_yx = y @ along_x
    along_all = z @ along_yx.flatten(start_dim=2)
    return along_all.unflatten(-1, size_zyx[1:]).movedim(0, -1)


def _resampled(volumes: Volumes, moved: list[int], grid: Tensor, *, exclusive: bool) -> Volumes:
    """Return the batch with the crops `moved` taken from the places of `grid`."""
    images, labels = volumes.images, volumes.labels
    channels = images.shape[1]
    joined = torch.cat([images[moved], labels[moved, 1:].to(images.dtype)], dim=1)
    warped = functional.grid_sample(joined, grid, padding_mode="border", align_corners=False)
    is_inside = (grid.abs() <= 1.0).all(dim=-1).unsqueeze(1)
    new_images, new_labels = images.clone(), labels.clone()
    new_images[moved] = warped[:, :channels]
    structures = warped[:, channels:] * is_inside
    new_labels[moved] = _one_hot(structures, exclusive=exclusive).to(labels.dtype)
    if volumes.masks is None:
        return Volumes(new_images, new_labels)
    valid = volumes.masks[moved].to(images.dtype).unsqueeze(1)
    nearest = functional.grid_sample(
        valid, grid, mode="nearest", padding_mode="border", align_corners=False
    )
    new_masks = volumes.masks.clone()
    new_masks[moved] = (nearest * is_inside).squeeze(1).to(new_masks.dtype)
    return Volumes(new_images, new_labels, new_masks)


def _one_hot(structures: Tensor, *, exclusive: bool) -> Tensor:
    """Return labels (B, 1 + S, Z, Y, X) of 0 and 1 from interpolated structures (B, S, Z, Y, X)."""
    if not exclusive:
        chosen = structures > 0.5
        return torch.cat([~chosen.any(dim=1, keepdim=True), chosen], dim=1)
    # An argmax over the channels is several times slower on a CPU; ties go to the first here too.
    likeliest = 1.0 - structures.sum(dim=1)
    winner = torch.zeros_like(likeliest, dtype=torch.int16)
    for index, structure in enumerate(structures.unbind(dim=1), start=1):
        is_likelier = structure > likeliest
        winner.masked_fill_(is_likelier, index)
        likeliest = torch.where(is_likelier, structure, likeliest)
    classes = torch.arange(structures.shape[1] + 1, device=structures.device)
    return winner.unsqueeze(1) == classes.view(1, -1, 1, 1, 1)
