"""Would the random changes of the crops teach something wrong?"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

# A grid of a cubic B-spline whose points move by less than this share of their distance along each
# axis has no fold (Choi and Lee, Injectivity conditions of 2D and 3D uniform cubic B-spline
# functions, 2000: 1/2.48).
LARGEST_SHIFT = 0.4
SIDES = frozenset({"l", "r", "lt", "rt", "left", "right"})


def crops_may_be_mirrored(model: "SegmentationModelBase") -> list[str]:
    """Along x, left and right change places: a left kidney would be learnt as a right one."""
    sided = [name for name in model.ground_truth_ids if has_side(name)]
    if "x" not in model.random_flip_axes or not sided:
        return []
    return [
        f"random_flip_axes has x, which would make a right structure of a left one "
        f"({', '.join(sided)}); leave x out."
    ]


def changes_are_possible(model: "SegmentationModelBase") -> list[str]:
    """Crops are bent without a fold; the range of a blur begins with its lower end."""
    complaints = []
    low, high = model.random_blur
    if low > high:
        complaints.append(f"random_blur needs the lower number first; got {low:g},{high:g}.")
    shift, distance = model.random_elastic_mm, model.random_elastic_smoothness_mm
    if shift > LARGEST_SHIFT * distance:
        complaints.append(
            f"random_elastic_mm={shift:g} would fold a crop: it must not exceed "
            f"{LARGEST_SHIFT:g} times random_elastic_smoothness_mm={distance:g}."
        )
    return complaints


def has_side(name: str) -> bool:
    """Say whether a structure's name tells left from right, as `femur_r` and `LeftLung` do."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return any(word.lower() in SIDES for word in words)
