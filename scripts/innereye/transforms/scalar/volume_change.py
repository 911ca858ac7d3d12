"""How is a whole volume of a scalar model changed at random, in three dimensions and without labels?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from innereye.errors import ConfigError, list_faults
from innereye.transforms.affine import AffineParameters, draw_affine, inverse_matrix
from innereye.transforms.flip import AXES, draw_flip
from innereye.transforms.intensity import IntensityParameters, apply_intensity, draw_intensity

Triple = tuple[float, float, float]
Range = tuple[float, float]

STILL: Triple = (0.0, 0.0, 0.0)
MOST_SEEDS = 2**62


@dataclass(frozen=True)
class VolumeChange:
    """Mirrored, turned, scaled, then shifted (a share of the size along Z, Y, X), then brightened.

    The brightness and the noise of `intensity` are shares of the width of the value range.
    """

    affine: AffineParameters
    shift_zyx: Triple
    flip_axes: tuple[int, ...]
    intensity: IntensityParameters

    def keeps_the_grid(self) -> bool:
        """Say whether voxels change their places only, so that nothing is interpolated."""
        return self.affine.is_identity() and not any(self.shift_zyx)


@dataclass(frozen=True)
class VolumeAugmentation:
    """What may happen to a volume, each kind with the given probability; nothing, as it stands.

    Rotations are about Z, Y, X, up to so many degrees; the scaling is from low to high, above 1 makes
    larger; shifts are up to a share of the size; brightness and noise up to a share of the width of
    the value range (low, high), which is that of the image itself where none is given. Rotations
    are true to `spacing_zyx_mm`. Can be called on an image (C, Z, Y, X), so it fits a model's hook.
    Raises ConfigError with all fields that cannot be.
    """

    random_rotation_degrees: Triple = STILL
    random_scaling: Range = (1.0, 1.0)
    random_shift: Triple = STILL
    random_flip_axes: Sequence[str] = ()
    random_brightness: float = 0.0
    random_contrast: Range = (1.0, 1.0)
    random_gamma: Range = (1.0, 1.0)
    random_noise_std: float = 0.0
    augmentation_probability: float = 0.5
    value_range: Range | None = None
    spacing_zyx_mm: Triple = (1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise ConfigError(list_faults("VolumeAugmentation cannot be made:", faults))

    def __call__(self, image: Tensor) -> Tensor:
        """Return an image (C, Z, Y, X) after a change that torch's global generator decides."""
        seed = int(torch.randint(MOST_SEEDS, (1,)))
        return self.apply(image, self.draw(np.random.default_rng(seed)))

    def draw(self, generator: np.random.Generator) -> VolumeChange:
        """Return the change of one volume; no field changes the draws of another."""
        probability = self.augmentation_probability
        for_affine, for_shift, for_flip, for_intensity = generator.spawn(4)
        is_shifted = for_shift.random() < probability
        shares = [float(for_shift.uniform(-limit, limit)) for limit in self.random_shift]
        return VolumeChange(
            affine=draw_affine(
                for_affine,
                random_rotation_degrees=self.random_rotation_degrees,
                random_scaling=self.random_scaling,
                augmentation_probability=probability,
            ),
            shift_zyx=(shares[0], shares[1], shares[2]) if is_shifted else STILL,
            flip_axes=draw_flip(
                for_flip,
                random_flip_axes=self.random_flip_axes,
                augmentation_probability=probability,
            ),
            intensity=draw_intensity(
                for_intensity,
                random_brightness=self.random_brightness,
                random_contrast=self.random_contrast,
                random_gamma=self.random_gamma,
                random_noise_std=self.random_noise_std,
                augmentation_probability=probability,
            ),
        )

    def apply(self, image: Tensor, change: VolumeChange) -> Tensor:
        """Return an image (C, Z, Y, X) after its change, which is one for all channels.

        It is interpolated once, linearly, and continues with its border values. No value leaves the
        value range, or the range of its channel where that is wider.
        """
        moved = image.flip([1 + axis for axis in change.flip_axes])
        if not change.keeps_the_grid():
            moved = _resampled(moved, change, self.spacing_zyx_mm)
        if change.intensity.is_identity():
            return moved
        low, high = self.value_range or (float(image.min()), float(image.max()))
        intensity = replace(
            change.intensity,
            brightness=change.intensity.brightness * (high - low),
            noise_std=change.intensity.noise_std * (high - low),
        )
        changed = apply_intensity(moved[None], parameters=[intensity], output_range=(low, high))
        return changed[0]


def _faults(fields: VolumeAugmentation) -> list[str]:
    """Return what is wrong with the fields, one sentence each."""
    faults = [
        f"{name} needs three numbers from 0, for Z, Y, X; got {getattr(fields, name)}."
        for name in ("random_rotation_degrees", "random_shift")
        if len(getattr(fields, name)) != 3 or min(getattr(fields, name)) < 0.0
    ]
    faults += [
        f"{name} needs two numbers above 0, low and high; got {getattr(fields, name)}."
        for name in ("random_scaling", "random_contrast", "random_gamma")
        if len(getattr(fields, name)) != 2
        or not 0.0 < min(getattr(fields, name)) == getattr(fields, name)[0]
    ]
    faults += [
        f"{name} needs a number from 0; got {getattr(fields, name)}."
        for name in ("random_brightness", "random_noise_std")
        if getattr(fields, name) < 0.0
    ]
    if not 0.0 <= fields.augmentation_probability <= 1.0:
        faults.append(
            "augmentation_probability needs a number from 0 to 1; "
            f"got {fields.augmentation_probability}."
        )
    if set(fields.random_flip_axes) - set(AXES):
        faults.append(
            f"random_flip_axes needs some of {', '.join(AXES)}; got {fields.random_flip_axes}."
        )
    return faults


def _resampled(image: Tensor, change: VolumeChange, spacing_zyx_mm: Triple) -> Tensor:
    """Return an image (C, Z, Y, X), turned and scaled about its middle, then shifted."""
    matrix = inverse_matrix(change.affine, tuple(image.shape[1:]), spacing_zyx_mm)
    # Places go from -1 to 1, X first: a share of the size is twice as much of them.
    matrix[:, 3] = -matrix[:, :3] @ (2.0 * np.array(change.shift_zyx[::-1]))
    theta = torch.from_numpy(matrix[np.newaxis]).to(image.dtype)
    grid = functional.affine_grid(theta, [1, *image.shape], align_corners=False)
    return functional.grid_sample(
        image[None], grid, padding_mode="border", align_corners=False
    ).squeeze(0)
