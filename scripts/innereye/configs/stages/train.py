"""What does the training need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.network import NetworkFields, NormalisationFields
from innereye.configs.fields.optimizer import LossFields
from innereye.configs.fields.training import (
    AugmentationFields,
    CropFields,
    PaddingFields,
)
from innereye.configs.stages.training_fields import TrainingFields


class TrainSettings(
    DatasetFields,
    ResamplingFields,
    NormalisationFields,
    NetworkFields,
    CropFields,
    PaddingFields,
    AugmentationFields,
    LossFields,
    TrainingFields,
):
    """Settings of the rule train_model."""
