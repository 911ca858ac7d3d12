"""What does the training need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.network import NetworkFields, NormalisationFields
from innereye.configs.fields.optimizer import LossFields, OptimizerFields
from innereye.configs.fields.training import (
    AugmentationFields,
    CropFields,
    PaddingFields,
    ThreadFields,
    TrainerFields,
)
from innereye.configs.stages.settings import StageSettings


class TrainSettings(
    DatasetFields,
    ResamplingFields,
    NormalisationFields,
    NetworkFields,
    CropFields,
    PaddingFields,
    AugmentationFields,
    LossFields,
    OptimizerFields,
    TrainerFields,
    ThreadFields,
    MachineFields,
    StageSettings,
):
    """Settings of the rule train_model."""
