"""Which rules does a scalar model keep?"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from innereye.configs.rules.crops import ranges_are_ordered
from innereye.configs.rules.evaluation import evaluated_model_is_named, expected_files_are_there
from innereye.configs.rules.scalar_data import SCALAR_DATA_RULES
from innereye.configs.rules.scalar_model import SCALAR_MODEL_RULES
from innereye.configs.rules.schedule import epochs_exist, learning_rate_is_complete
from innereye.configs.rules.split_lists import institutions_fit, subject_lists_fit
from innereye.configs.rules.splits import split_is_possible

if TYPE_CHECKING:
    from innereye.configs.classification.ScalarModelBase import ScalarModelBase

SCALAR_RULES: tuple[Callable[[Any], list[str]], ...] = (
    *SCALAR_DATA_RULES,
    *SCALAR_MODEL_RULES,
    ranges_are_ordered,
    learning_rate_is_complete,
    epochs_exist,
    split_is_possible,
    subject_lists_fit,
    institutions_fit,
    evaluated_model_is_named,
    expected_files_are_there,
)


def scalar_complaints(model: "ScalarModelBase") -> list[str]:
    """Return what is wrong between the fields, one sentence each."""
    return [complaint for rule in SCALAR_RULES for complaint in rule(model)]
