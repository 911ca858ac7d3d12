"""What does the training of a scalar model need?"""

from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.optimizer import OptimizerFields
from innereye.configs.fields.scalar_data import ImbalanceFields, ScalarImageFields
from innereye.configs.fields.scalar_network import PretrainedFields, ScalarNormalisationFields
from innereye.configs.fields.scalar_training import ScalarAugmentationFields
from innereye.configs.fields.training import BatchFields, ThreadFields, TrainerFields
from innereye.configs.scalar_shape import NetworkOfItems
from innereye.configs.stages.settings import StageSettings


class ScalarTrainSettings(
    NetworkOfItems,
    ScalarImageFields,
    ImbalanceFields,
    ScalarNormalisationFields,
    PretrainedFields,
    BatchFields,
    ScalarAugmentationFields,
    OptimizerFields,
    TrainerFields,
    ThreadFields,
    MachineFields,
    StageSettings,
):
    """Settings of the rule train_model for a scalar model."""
