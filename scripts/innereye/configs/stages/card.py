"""What does the model card need?"""

from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import OutlierFields, ScoreFields
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.inference import InferenceFields, PostProcessingFields
from innereye.configs.fields.network import NetworkFields, NormalisationFields
from innereye.configs.fields.optimizer import LossFields, OptimizerFields
from innereye.configs.fields.structures import StructureFields
from innereye.configs.fields.training import (
    AugmentationFields,
    CropFields,
    PaddingFields,
    TrainerFields,
)
from innereye.configs.stages.settings import StageSettings


class CardSettings(
    DatasetFields,
    StructureFields,
    ResamplingFields,
    NormalisationFields,
    NetworkFields,
    CropFields,
    PaddingFields,
    AugmentationFields,
    LossFields,
    OptimizerFields,
    TrainerFields,
    InferenceFields,
    PostProcessingFields,
    ScoreFields,
    OutlierFields,
    StageSettings,
):
    """Settings of the rule write_model_card: what a model was made with, and how it is used."""
