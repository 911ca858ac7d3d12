"""How are holes of structures filled?"""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

BACKGROUND_CLASS = 0


def fill_holes(segmentation: np.ndarray, classes: Sequence[int]) -> None:
    """Give background that a class encloses within an axial slice to the class.

    A hole is what no path over faces leads out of, slice by slice, as for the contours of DICOM-RT.
    Other structures that lie in a hole stay. A hole of an organ inside of another structure belongs to
    the organ: it is filled before what encloses it.

    Args:
        segmentation: uint8 (Z, Y, X); changed.
        classes: the classes whose holes are filled, in any order.
    """
    for plane in segmentation:
        filled = [(each, *_filled(plane, each)) for each in classes if (plane == each).any()]
        # What encloses a structure has the larger area.
        for each, box, area in sorted(filled, key=lambda entry: np.count_nonzero(entry[2])):
            part = plane[box]
            part[area & (part == BACKGROUND_CLASS)] = each


def _filled(plane: np.ndarray, class_index: int) -> tuple[tuple[slice, ...], np.ndarray]:
    """Return the box of a class in a slice, and its area therein without holes."""
    box = ndimage.find_objects((plane == class_index).view(np.uint8))[0]
    return box, np.asarray(ndimage.binary_fill_holes(plane[box] == class_index))
