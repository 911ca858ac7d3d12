"""Which rules does a segmentation model keep?"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from innereye.configs.rules.augmentation import changes_are_possible, crops_may_be_mirrored
from innereye.configs.rules.baselines import baselines_have_names
from innereye.configs.rules.crops import class_weights_fit, ranges_are_ordered
from innereye.configs.rules.evaluation import evaluated_model_is_named, expected_files_are_there
from innereye.configs.rules.extra_data import data_sets_fit_together, labels_may_be_missing
from innereye.configs.rules.grey_values import normalisation_is_complete
from innereye.configs.rules.naming import is_partial, names_are_distinct
from innereye.configs.rules.postprocessing import (
    components_are_listed_once,
    mirror_axes_are_distinct,
    mirrored_axes_are_learnt,
    post_processing_knows_its_structures,
)
from innereye.configs.rules.schedule import (
    epochs_exist,
    learning_rate_is_complete,
    mixture_is_complete,
)
from innereye.configs.rules.sizes import sizes_fit_network
from innereye.configs.rules.split_lists import institutions_fit, subject_lists_fit
from innereye.configs.rules.splits import split_is_possible
from innereye.configs.rules.structures import each_structure_is_described

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

Rule = Callable[["SegmentationModelBase"], list[str]]

RULES: tuple[Rule, ...] = (
    is_partial,
    names_are_distinct,
    each_structure_is_described,
    sizes_fit_network,
    class_weights_fit,
    ranges_are_ordered,
    changes_are_possible,
    crops_may_be_mirrored,
    normalisation_is_complete,
    learning_rate_is_complete,
    mixture_is_complete,
    epochs_exist,
    data_sets_fit_together,
    labels_may_be_missing,
    split_is_possible,
    subject_lists_fit,
    institutions_fit,
    mirror_axes_are_distinct,
    mirrored_axes_are_learnt,
    post_processing_knows_its_structures,
    components_are_listed_once,
    baselines_have_names,
    evaluated_model_is_named,
    expected_files_are_there,
)
