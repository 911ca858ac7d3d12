"""Which part of the volume do two masks occupy? Boxes that keep measurements on a crop exact."""

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Box = tuple[slice, ...]


def bounding_box(mask: Mask) -> Box | None:
    """Return the smallest box with all voxels of a mask, or None for an empty mask."""
    box: list[slice] = []
    for axis in range(mask.ndim):
        # Looking only inside the slices found so far makes every further axis cheaper.
        seen = mask[tuple(box)]
        occupied = seen.any(axis=tuple(other for other in range(mask.ndim) if other != axis))
        indices = np.flatnonzero(occupied)
        if indices.size == 0:
            return None
        box.append(slice(int(indices[0]), int(indices[-1]) + 1))
    return tuple(box)


def union_box(first: Mask, second: Mask) -> Box | None:
    """Return the box of both masks with a margin of one voxel that stops at the image's edge.

    The margin tells a mask that ends at the box (a voxel lies outside it) from one that ends at the
    image (none does). None when both masks are empty.
    """
    boxes = [box for box in (bounding_box(first), bounding_box(second)) if box is not None]
    if not boxes:
        return None
    return tuple(
        slice(
            max(0, min(box[axis].start for box in boxes) - 1),
            min(size, max(box[axis].stop for box in boxes) + 1),
        )
        for axis, size in enumerate(first.shape)
    )
