"""Which rules does a segmentation model keep?"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from innereye.configs.rules.baselines import baselines_have_names
from innereye.configs.rules.crops import class_weights_fit, ranges_are_ordered
from innereye.configs.rules.grey_values import normalisation_is_complete
from innereye.configs.rules.naming import is_partial, names_are_distinct
from innereye.configs.rules.schedule import epochs_exist, learning_rate_is_complete
from innereye.configs.rules.sizes import sizes_fit_network
from innereye.configs.rules.splits import split_is_possible

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

Rule = Callable[["SegmentationModelBase"], list[str]]

RULES: tuple[Rule, ...] = (
    is_partial,
    names_are_distinct,
    sizes_fit_network,
    class_weights_fit,
    ranges_are_ordered,
    normalisation_is_complete,
    learning_rate_is_complete,
    epochs_exist,
    split_is_possible,
    baselines_have_names,
)
