"""How are holes of a structure filled?"""

import numpy as np
from scipy import ndimage

BACKGROUND_CLASS = 0


def fill_holes(segmentation: np.ndarray, class_index: int) -> None:
    """Give background that a class encloses within an axial slice to the class.

    A hole is what no path over faces leads out of, slice by slice, as for the contours of DICOM-RT.
    Other structures that lie in a hole stay.

    Args:
        segmentation: uint8 (Z, Y, X); changed.
        class_index: the class.
    """
    for plane in segmentation:
        boxes = ndimage.find_objects((plane == class_index).view(np.uint8))
        if boxes:
            part = plane[boxes[0]]
            filled = ndimage.binary_fill_holes(part == class_index)
            part[filled & (part == BACKGROUND_CLASS)] = class_index
