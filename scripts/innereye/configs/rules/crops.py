"""Can crops be drawn and changed as asked for?"""

from math import isclose
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.classification.ScalarModelBase import ScalarModelBase
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def class_weights_fit(model: "SegmentationModelBase") -> list[str]:
    """There is one weight for each class and the background; they sum to 1."""
    weights = model.class_weights
    if weights is None:
        return []
    classes = len(model.ground_truth_ids) + 1
    if len(weights) != classes:
        return [
            f"class_weights needs {classes} numbers, background first and then one for each of "
            f"ground_truth_ids; got {len(weights)}."
        ]
    if not isclose(sum(weights), 1.0, abs_tol=1e-6):
        return [f"class_weights must sum to 1; they sum to {sum(weights):g}."]
    return []


def ranges_are_ordered(model: "SegmentationModelBase | ScalarModelBase") -> list[str]:
    """The first number of a range is the lower one."""
    strict = {"output_range", "trim_percentiles"}
    fields = ("random_scaling", "random_contrast", "random_gamma", *sorted(strict))
    complaints: list[str] = []
    for field in fields:
        low, high = getattr(model, field)
        if low > high or (field in strict and low == high):
            complaints.append(f"{field} needs the lower number first; got {low:g},{high:g}.")
        if field.startswith("random_") and low <= 0:
            complaints.append(f"{field} needs numbers above 0; got {low:g},{high:g}.")
    low, high = model.trim_percentiles
    if low < 0 or high > 100:
        complaints.append(f"trim_percentiles must lie between 0 and 100; got {low:g},{high:g}.")
    return complaints
