"""Can the data set be divided as asked for?"""

from math import isclose
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.classification.ScalarModelBase import ScalarModelBase
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def split_is_possible(model: "SegmentationModelBase | ScalarModelBase") -> list[str]:
    """Shares sum to 1, Train and Val are not empty; a cross-validation has two folds or more."""
    complaints = []
    train, val, test = model.split_proportions
    if not isclose(train + val + test, 1.0, abs_tol=1e-6) or train == 0 or val == 0 or test == 1:
        complaints.append(
            "split_proportions needs shares of Train, Val and Test that sum to 1, Train and Val "
            f"above 0; got {train:g},{val:g},{test:g}."
        )
    if model.number_of_cross_validation_splits == 1:
        complaints.append(
            "number_of_cross_validation_splits must be 0 (none) or at least 2; got 1."
        )
    if model.split_by_hash and model.stratify_column:
        complaints.append(
            "split_by_hash places subjects by their names alone and cannot give equal shares of "
            f"stratify_column '{model.stratify_column}'; leave one of the two out."
        )
    return complaints
