"""Which parts of a structure stay?"""

import cc3d
import numpy as np
from scipy import ndimage

FACES = 6
# From this share on, one part holds at least half of the structure, and so is the largest.
HALF = 0.5
BACKGROUND_CLASS = 0


def keep_largest_components(
    segmentation: np.ndarray, class_index: int, threshold: float | None = None
) -> None:
    """Turn parts of a class into background; parts are connected by faces.

    Args:
        segmentation: uint8 (Z, Y, X); changed.
        class_index: the class.
        threshold: parts with at least this share of the class's voxels stay, and the largest always
            does. None, or a half, keeps the largest alone, of equally large ones the first.
    """
    # The filter for labels looks for each label's box; a comparison first makes it a single one.
    boxes = ndimage.find_objects((segmentation == class_index).view(np.uint8))
    if not boxes:
        return
    box = segmentation[boxes[0]]
    labels, count = cc3d.connected_components(
        box == class_index, connectivity=FACES, return_N=True, binary_image=True
    )
    if count < 2:
        return
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    stays = np.zeros(count + 1, dtype=bool)
    if threshold is not None and threshold < HALF:
        stays[1:] = sizes >= threshold * sizes.sum()
    stays[1 + int(sizes.argmax())] = True
    stays[0] = True  # voxels of other classes
    box[~stays[labels]] = BACKGROUND_CLASS
