"""What does the training of a scalar model need?"""

from innereye.configs.fields.scalar_data import ImbalanceFields
from innereye.configs.fields.scalar_network import PretrainedFields, ScalarNormalisationFields
from innereye.configs.fields.scalar_training import ScalarAugmentationFields
from innereye.configs.scalar_shape import NetworkOfItems
from innereye.configs.stages.check_items import CheckItemsSettings
from innereye.configs.stages.training_fields import TrainingFields


class ScalarTrainSettings(
    NetworkOfItems,
    ImbalanceFields,
    ScalarNormalisationFields,
    PretrainedFields,
    ScalarAugmentationFields,
    TrainingFields,
    CheckItemsSettings,
):
    """Settings of the rule train_model for a scalar model."""
