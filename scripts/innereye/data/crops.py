"""Where is a training crop taken, and what is in it? Class-balanced centres, slices and padding."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from innereye.data.sample import Sample
from innereye.errors import ConfigError, ImageError
from innereye.names import PaddingMode

# Below this share of the volume a list of 4-byte indices takes less memory than a bit per voxel.
SPARSE_SHARE = 1 / 32


@dataclass(frozen=True)
class ClassVoxels:
    """The voxels of one class, numbered in Z, Y, X order, in little memory.

    Few voxels are kept as flat indices. Many, such as a CT's background, are kept as a bit per
    voxel with the number of voxels in the slices up to each Z.
    """

    count: int
    shape_zyx: tuple[int, int, int]
    indices: np.ndarray
    bits: np.ndarray | None = None
    counts_up_to: np.ndarray | None = None

    @classmethod
    def from_map(cls, chosen: np.ndarray) -> "ClassVoxels":
        """Return the voxels where a map, bool (Z, Y, X), holds."""
        depth, height, width = chosen.shape
        count = int(np.count_nonzero(chosen))
        if count <= chosen.size * SPARSE_SHARE:
            kind = np.int32 if chosen.size < 2**31 else np.int64
            indices = np.flatnonzero(chosen).astype(kind)
            return cls(count, (depth, height, width), indices)
        bits = np.packbits(chosen.reshape(depth, -1), axis=1)
        counts_up_to = np.cumsum(np.count_nonzero(chosen, axis=(1, 2)))
        return cls(count, (depth, height, width), np.empty(0, np.int32), bits, counts_up_to)

    def voxel(self, rank: int) -> tuple[int, int, int]:
        """Return the place (Z, Y, X) of a voxel by its number, from 0."""
        _, height, width = self.shape_zyx
        if self.bits is None or self.counts_up_to is None:
            z, in_slice = divmod(int(self.indices[rank]), height * width)
        else:
            z = int(np.searchsorted(self.counts_up_to, rank, side="right"))
            before = int(self.counts_up_to[z - 1]) if z else 0
            in_slice = int(np.flatnonzero(np.unpackbits(self.bits[z]))[rank - before])
        return z, in_slice // width, in_slice % width


@dataclass(frozen=True)
class Crop:
    """A part of a sample: image (C, Z, Y, X), labels (S, Z, Y, X), mask (Z, Y, X) or None."""

    image: np.ndarray
    labels: np.ndarray
    mask: np.ndarray | None


def find_candidates(labels: np.ndarray, mask: np.ndarray | None) -> list[ClassVoxels]:
    """Return the voxels on which a crop may be centred: background first, then each structure.

    `labels`: (S, Z, Y, X), 1 inside; `mask`: (Z, Y, X), 1 where valid. Background is where no
    structure is.

    Raises:
        ImageError: no voxel is valid.
    """
    valid = np.ones(labels.shape[1:], bool) if mask is None else mask == 1
    background = valid.copy()
    structures: list[ClassVoxels] = []
    for structure in labels:
        inside = structure == 1
        background[inside] = False
        inside &= valid
        structures.append(ClassVoxels.from_map(inside))
    candidates = [ClassVoxels.from_map(background), *structures]
    if not any(voxels.count for voxels in candidates):
        raise ImageError("No voxel lies inside the mask; a crop cannot be centred anywhere.")
    return candidates


def draw_class(
    counts: Sequence[int], class_weights: Sequence[float] | None, generator: np.random.Generator
) -> int:
    """Return a class that has voxels, drawn by weight among those; None weighs all the same.

    Raises:
        ConfigError: the weights do not fit the classes.
        ImageError: every class with a weight above 0 is without voxels.
    """
    weights = np.ones(len(counts)) if class_weights is None else np.asarray(class_weights, float)
    if weights.shape != (len(counts),) or (weights < 0).any() or not weights.sum() > 0:
        raise ConfigError(
            f"class_weights are {list(weights)}; one weight of 0 or more is needed for the "
            f"background and each structure, {len(counts)} in all, and one above 0."
        )
    usable = np.where(np.asarray(counts) > 0, weights, 0.0)
    if not usable.any():
        raise ImageError("No class with a weight above 0 has a voxel inside the mask.")
    limits = np.cumsum(usable / usable.sum())
    # A draw lies below 1; rounding may leave the last limit below it, and the last class gets it.
    drawn = int(np.searchsorted(limits, generator.random(), side="right"))
    return min(drawn, int(np.flatnonzero(usable)[-1]))


def draw_centre(
    candidates: Sequence[ClassVoxels],
    class_weights: Sequence[float] | None,
    generator: np.random.Generator,
) -> tuple[int, int, int]:
    """Return a voxel (Z, Y, X) of a class drawn by weight, each of its voxels as likely.

    Raises:
        ConfigError, ImageError: as `draw_class`.
    """
    chosen = draw_class([voxels.count for voxels in candidates], class_weights, generator)
    voxels = candidates[chosen]
    return voxels.voxel(int(generator.integers(voxels.count)))


def crop_slices(
    centre: Sequence[int], crop_size: Sequence[int], image_shape: Sequence[int]
) -> tuple[slice, ...]:
    """Return the slices (Z, Y, X) of a crop around a voxel, moved inside where it would stick out.

    Raises:
        ConfigError: the sizes do not have as many axes as the image, or the crop is larger.
    """
    same = len(centre) == len(crop_size) == len(image_shape)
    if not same or any(
        not 1 <= crop <= size for crop, size in zip(crop_size, image_shape, strict=True)
    ):
        raise ConfigError(
            f"crop_size {tuple(crop_size)} does not fit an image of {tuple(image_shape)} voxels."
        )
    starts = (
        min(max(middle - crop // 2, 0), size - crop)
        for middle, crop, size in zip(centre, crop_size, image_shape, strict=True)
    )
    return tuple(slice(start, start + crop) for start, crop in zip(starts, crop_size, strict=True))


def take_crop(sample: Sample, centre: Sequence[int], crop_size: Sequence[int]) -> Crop:
    """Return views of a crop of a sample with labels.

    Raises:
        ConfigError: as `crop_slices`.
    """
    if sample.labels is None:
        raise ValueError(f"Subject {sample.subject} was loaded without labels.")
    place = crop_slices(centre, crop_size, sample.image.shape[1:])
    mask = None if sample.mask is None else sample.mask[place]
    return Crop(sample.image[(slice(None), *place)], sample.labels[(slice(None), *place)], mask)


def pad_sample(sample: Sample, crop_size: Sequence[int], padding_mode: PaddingMode) -> Sample:
    """Return the sample, filled up on both sides to at least the size of a crop.

    The image is filled by `padding_mode`. Labels and mask are filled with 0 in every mode: copies
    of a structure beyond the scan would be learnt as if they had been seen.

    Raises:
        ImageError: the crop is larger than the image and the mode is NO_PADDING.
    """
    size = sample.image.shape[1:]
    missing = [max(crop - have, 0) for crop, have in zip(crop_size, size, strict=True)]
    if not any(missing):
        return sample
    if padding_mode == PaddingMode.NO_PADDING:
        raise ImageError(
            f"Subject {sample.subject}: size {tuple(size)} is below the crop size "
            f"{tuple(crop_size)}; choose another padding_mode or a smaller crop_size."
        )
    widths = [((lack + 1) // 2, lack // 2) for lack in missing]
    mask = np.ones(size, np.uint8) if sample.mask is None else sample.mask
    image = np.pad(sample.image, [(0, 0), *widths], mode=padding_mode.value)  # type: ignore[call-overload]
    labels = None if sample.labels is None else np.pad(sample.labels, [(0, 0), *widths])
    spacing = sample.geometry.spacing_zyx_mm
    shift_xyz = [before * mm for (before, _), mm in zip(widths, spacing, strict=True)][::-1]
    direction = np.reshape(sample.geometry.direction, (3, 3))
    origin = np.asarray(sample.geometry.origin_xyz_mm) - direction @ shift_xyz
    geometry = replace(
        sample.geometry,
        size_zyx=(image.shape[1], image.shape[2], image.shape[3]),
        origin_xyz_mm=(float(origin[0]), float(origin[1]), float(origin[2])),
    )
    padded = np.pad(mask, widths)
    return replace(sample, image=image, labels=labels, mask=padded, geometry=geometry)
