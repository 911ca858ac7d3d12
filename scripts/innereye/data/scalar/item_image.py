"""What does a network see of an item's files? One array with a channel for each image."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from innereye.configs.fields.scalar_data import ScalarImageFields
from innereye.data.scalar.image_size import (
    Size,
    centre_cropped,
    padded,
    resized,
    resized_labels,
)
from innereye.errors import ImageError
from innereye.io.hdf5_volume import HDF5_SUFFIXES, SEGMENTATION, is_volume_file, read_hdf5_volume
from innereye.io.location import locate
from innereye.io.scalar_image import read_scalar_image


@dataclass(frozen=True)
class ImageSizes:
    """To which sizes images come, in the order Z, Y, X: first resized, then cropped; None leaves them.

    With `pad_small_images` those smaller than the crop are filled up with their lowest value.
    """

    image_size: Size | None = None
    center_crop_size: Size | None = None
    pad_small_images: bool = False


def sizes_of(fields: ScalarImageFields) -> ImageSizes:
    """Return the sizes that the fields of a model state."""
    return ImageSizes(fields.image_size, fields.center_crop_size, fields.pad_small_images)


def load_image(images: Mapping[str, str], root: Path, sizes: ImageSizes) -> np.ndarray:
    """Return the images of an item, float32 (C, Z, Y, X), from their paths below `root`.

    Raises:
        ImageError: a file cannot be read, holds values that are not finite, or sizes do not fit.
    """
    found: dict[str, np.ndarray] = {}
    for channel, path in images.items():
        file = locate(path, root)
        found[channel] = fitted_image(read_finite(file), file, sizes)
    return np.stack(list(require_one_shape(found).values()))


def load_segmentation(images: Mapping[str, str], root: Path, sizes: ImageSizes) -> np.ndarray:
    """Return the segmentations of an item's HDF5 files, labels as stored, (C, Z, Y, X).

    Raises:
        ImageError: as `load_image`; or a file is of another kind.
    """
    found: dict[str, np.ndarray] = {}
    for channel, path in images.items():
        file = locate(path, root)
        if not is_volume_file(file):
            kinds = ", ".join(HDF5_SUFFIXES)
            raise ImageError(
                f"{file} has no segmentation beside it; load_segmentation needs {kinds}."
            )
        labels = read_hdf5_volume(file, SEGMENTATION)
        found[channel] = _sized(file, labels, sizes, is_labels=True)
    return np.stack(list(require_one_shape(found).values()))


def read_finite(file: Path) -> np.ndarray:
    """Return the voxels of a file, (Z, Y, X), as stored.

    Raises:
        ImageError: as `read_scalar_image`; or voxels are not finite.
    """
    image = read_scalar_image(file)
    if image.dtype.kind == "f" and (bad := image.size - np.count_nonzero(np.isfinite(image))):
        raise ImageError(f"{file} has {bad} voxels that are not finite.")
    return image


def fitted_image(image: np.ndarray, file: Path, sizes: ImageSizes) -> np.ndarray:
    """Return an image, float32 (Z, Y, X), resized and cropped as asked for.

    Raises:
        ImageError: the sizes do not fit.
    """
    return _sized(file, image.astype(np.float32), sizes, is_labels=False)


def require_one_shape(images: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the images of an item if they can be stacked.

    Raises:
        ImageError: their sizes differ.
    """
    first = next(iter(images), "")
    for channel, image in images.items():
        if image.shape != images[first].shape:
            raise ImageError(
                f"channel '{channel}' has the size {image.shape}, channel '{first}' "
                f"{images[first].shape}; the images of an item need one size, see image_size"
            )
    return images


def _sized(file: Path, array: np.ndarray, sizes: ImageSizes, *, is_labels: bool) -> np.ndarray:
    resize = resized_labels if is_labels else resized
    try:
        if sizes.image_size:
            array = resize(array, sizes.image_size)
        if sizes.center_crop_size and sizes.pad_small_images:
            array = padded(array, sizes.center_crop_size)
        if sizes.center_crop_size:
            array = centre_cropped(array, sizes.center_crop_size)
    except ImageError as error:
        raise ImageError(f"{file} {error}.") from None
    return array
