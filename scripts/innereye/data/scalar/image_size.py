"""How do images of any size come to one size? They are resized, and their middle is kept."""

import numpy as np
from scipy import ndimage

from innereye.errors import ImageError

Size = tuple[int, int, int]


def resized(image: np.ndarray, size_zyx: Size) -> np.ndarray:
    """Return an image (Z, Y, X), float32, of another size, linearly interpolated.

    Along an axis that shrinks by a factor f the image is smoothed before, by a Gaussian of
    (f - 1) / 2 voxels, so that details too fine for the result do not alias; edges are mirrored. Values
    stay in the range of the image. This is what scikit-image's `resize(order=1)` computes.

    Raises:
        ImageError: an image of one slice would become one of several, or the other way.
    """
    _require_same_dimensions(image, size_zyx, "image_size")
    if image.shape == size_zyx:
        return image.astype(np.float32)
    factors = np.divide(image.shape, size_zyx)
    sigma = np.maximum(0, (factors - 1) / 2)
    smooth = ndimage.gaussian_filter(image.astype(np.float64), sigma, mode="mirror")
    zoomed = np.asarray(ndimage.zoom(smooth, 1 / factors, order=1, mode="mirror", grid_mode=True))
    return np.clip(zoomed, image.min(), image.max()).astype(np.float32)


def resized_labels(labels: np.ndarray, size_zyx: Size) -> np.ndarray:
    """Return a label map (Z, Y, X) of another size: each voxel has the label of the nearest one.

    Raises:
        ImageError: as `resized`.
    """
    _require_same_dimensions(labels, size_zyx, "image_size")
    if labels.shape == size_zyx:
        return labels
    scale = np.divide(size_zyx, labels.shape)
    return np.asarray(ndimage.zoom(labels, scale, order=0, mode="mirror", grid_mode=True))


def centre_cropped(image: np.ndarray, size_zyx: Size) -> np.ndarray:
    """Return the middle of an image (Z, Y, X): along each axis from n // 2 - size // 2 on.

    Raises:
        ImageError: the image is smaller, or has one slice and the middle several.
    """
    _require_same_dimensions(image, size_zyx, "center_crop_size")
    if any(want > have for want, have in zip(size_zyx, image.shape, strict=True)):
        raise ImageError(f"has the size {image.shape}, smaller than center_crop_size {size_zyx}")
    starts = [have // 2 - want // 2 for want, have in zip(size_zyx, image.shape, strict=True)]
    return image[tuple(slice(s, s + want) for s, want in zip(starts, size_zyx, strict=True))]


def padded(image: np.ndarray, size_zyx: Size) -> np.ndarray:
    """Return an image (Z, Y, X) of at least a size, itself in the middle, its lowest value around it.

    Raises:
        ImageError: the image has one slice and the size several.
    """
    _require_same_dimensions(image, size_zyx, "center_crop_size")
    lacks = [max(0, want - have) for want, have in zip(size_zyx, image.shape, strict=True)]
    if not any(lacks):
        return image
    # Where one voxel more is needed, the crop's middle decides on which side.
    before = [
        want // 2 - have // 2 if lack else 0
        for want, have, lack in zip(size_zyx, image.shape, lacks, strict=True)
    ]
    widths = [(first, lack - first) for first, lack in zip(before, lacks, strict=True)]
    return np.pad(image, widths, constant_values=image.min())


def _require_same_dimensions(image: np.ndarray, size_zyx: Size, name: str) -> None:
    """Tell pictures from volumes: a size for the one is a mistake for the other."""
    if image.shape[0] == 1 and size_zyx[0] != 1:
        raise ImageError(f"is a 2D image, and {name} is {size_zyx}; its first number must be 1")
