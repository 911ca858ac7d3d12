"""What does the inference of a scalar model need?"""

from innereye.configs.fields.evaluation import EnsembleFields
from innereye.configs.fields.scalar_network import ScalarNormalisationFields
from innereye.configs.fields.training import ThreadFields
from innereye.configs.scalar_shape import NetworkOfItems
from innereye.configs.stages.check_items import CheckItemsSettings


class ClassifySettings(
    NetworkOfItems,
    ScalarNormalisationFields,
    EnsembleFields,
    ThreadFields,
    CheckItemsSettings,
):
    """Settings of the rule classify."""
