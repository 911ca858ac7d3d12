"""How are crops rotated and scaled at random, in mm, together with their labels?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

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


def apply_affine(
    images: Tensor,
    labels: Tensor,
    *,
    parameters: Sequence[AffineParameters],
    spacings_zyx_mm: Sequence[Triple],
    exclusive: bool = True,
) -> tuple[Tensor, Tensor]:
    """Return the batch after one change per crop; crops without change come back bit for bit.

    Images (B, C, Z, Y, X) are interpolated linearly and continue with their border values. Labels
    (B, K, Z, Y, X) are one-hot with the background first, and stay so: the likeliest class
    (`exclusive`), else each structure above one half and the background where there is none.
    Outside lies background. Raises ValueError where the numbers of crops differ.
    """
    if not len(images) == len(labels) == len(parameters) == len(spacings_zyx_mm):
        raise ValueError(
            f"A change and a spacing are needed for each crop; got {len(images)} images, "
            f"{len(labels)} labels, {len(parameters)} changes, {len(spacings_zyx_mm)} spacings."
        )
    moved = [crop for crop, change in enumerate(parameters) if not change.is_identity()]
    if not moved:
        return images, labels
    structures = labels[moved, 1:].to(images.dtype)
    volumes = torch.cat([images[moved], structures], dim=1)
    size_zyx = tuple(images.shape[2:])
    matrices = np.stack(
        [_inverse_matrix(parameters[crop], size_zyx, spacings_zyx_mm[crop]) for crop in moved]
    )
    theta = torch.from_numpy(matrices).to(images.device, images.dtype)
    grid = functional.affine_grid(theta, list(volumes.shape), align_corners=False)
    warped = functional.grid_sample(volumes, grid, padding_mode="border", align_corners=False)
    is_inside = (grid.abs() <= 1.0).all(dim=-1).unsqueeze(1)
    channels = images.shape[1]
    new_images, new_labels = images.clone(), labels.clone()
    new_images[moved] = warped[:, :channels]
    new_labels[moved] = _one_hot(warped[:, channels:] * is_inside, exclusive=exclusive).to(
        labels.dtype
    )
    return new_images, new_labels


def _inverse_matrix(
    change: AffineParameters, size_zyx: tuple[int, ...], spacing_zyx_mm: Triple
) -> np.ndarray:
    """Return the 3x4 matrix that takes a place in the result to its place in the source.

    Places are as `affine_grid` has them: X, Y, Z, from -1 to 1 between the outer faces.
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
