"""Which fields has only the other kind of model? Those of segmentation, and those of scalar models."""

from innereye.configs.fields.base import Fields
from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import (
    BaselineFields,
    OutlierFields,
    ScoreFields,
    StatisticsFields,
)
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.inference import InferenceFields, PostProcessingFields
from innereye.configs.fields.network import NetworkFields
from innereye.configs.fields.optimizer import LossFields
from innereye.configs.fields.scalar_data import (
    ImbalanceFields,
    ScalarDataFields,
    ScalarImageFields,
)
from innereye.configs.fields.scalar_network import PretrainedFields, ScalarNetworkFields
from innereye.configs.fields.scalar_training import ScalarAugmentationFields, ScalarLossFields
from innereye.configs.fields.structures import ContourFields, StructureFields
from innereye.configs.fields.training import (
    AugmentationFields,
    CropFields,
    PaddingFields,
    PatchSamplingFields,
)

SEGMENTATION_GROUPS: tuple[type[Fields], ...] = (
    DatasetFields,
    StructureFields,
    ContourFields,
    ResamplingFields,
    NetworkFields,
    CropFields,
    PaddingFields,
    PatchSamplingFields,
    AugmentationFields,
    LossFields,
    InferenceFields,
    PostProcessingFields,
    ScoreFields,
    StatisticsFields,
    BaselineFields,
    OutlierFields,
)
SCALAR_GROUPS: tuple[type[Fields], ...] = (
    ScalarDataFields,
    ScalarImageFields,
    ImbalanceFields,
    ScalarNetworkFields,
    PretrainedFields,
    ScalarLossFields,
    ScalarAugmentationFields,
)
_OF_SEGMENTATION = {name for group in SEGMENTATION_GROUPS for name in group.model_fields}
_OF_SCALAR = {name for group in SCALAR_GROUPS for name in group.model_fields}


def other_kind(name: str) -> str:
    """Say that a field, which a model lacks, is one of the other kind of model; nothing where it is none."""
    if name in _OF_SCALAR - _OF_SEGMENTATION:
        return f"'{name}' is a field of classification and regression models; a segmentation model has none."
    if name in _OF_SEGMENTATION - _OF_SCALAR:
        return f"'{name}' is a field of segmentation models; a classification or regression model has none."
    return ""
