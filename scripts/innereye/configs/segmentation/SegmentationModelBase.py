"""What is a segmentation model? All its fields, with InnerEye's defaults."""

from typing import Self

from innereye.configs.fields.dataset import DatasetFields, SplitFields
from innereye.configs.fields.evaluation import (
    BaselineFields,
    EnsembleFields,
    InferenceFields,
    OutlierFields,
    PlotFields,
    ReportFields,
    ScoreFields,
    StatisticsFields,
)
from innereye.configs.fields.network import NetworkFields, NormalisationFields
from innereye.configs.fields.optimizer import LossFields, OptimizerFields
from innereye.configs.fields.training import (
    AugmentationFields,
    CropFields,
    PaddingFields,
    ThreadFields,
    TrainerFields,
)
from innereye.configs.model_config import ModelConfig
from innereye.configs.rules.every_rule import RULES


class SegmentationModelBase(
    DatasetFields,
    SplitFields,
    NormalisationFields,
    NetworkFields,
    CropFields,
    PaddingFields,
    AugmentationFields,
    LossFields,
    OptimizerFields,
    TrainerFields,
    ThreadFields,
    InferenceFields,
    EnsembleFields,
    ScoreFields,
    StatisticsFields,
    BaselineFields,
    PlotFields,
    OutlierFields,
    ReportFields,
    ModelConfig,
):
    """A network that gives each voxel a class. Partial: inherit, and state channels and structures."""

    def default_class_weights(self) -> list[float]:
        """Return the class weights that stand for None: all classes equal."""
        return equally_weighted_classes(self.ground_truth_ids)

    def complaints(self) -> list[str]:
        """Return what is wrong between the fields, one sentence each."""
        return [complaint for rule in RULES for complaint in rule(self)]

    def derive(self) -> Self:
        """Return a copy in which fields left None are worked out from the others."""
        model = super().derive()
        model.class_weights = self.class_weights or self.default_class_weights()
        model.test_crop_size = self.test_crop_size or self.crop_size
        model.inference_stride_size = self.inference_stride_size or model.test_crop_size
        model.test_epochs = sorted(set(self.test_epochs or [self.num_epochs]))
        return model


def equally_weighted_classes(
    structures: list[str], background_weight: float | None = None
) -> list[float]:
    """Return a weight for the background and equal weights for the structures; they sum to 1.

    Without a background weight the background counts like a structure.
    """
    if not structures:
        raise ValueError("There are no structures to give weights to.")
    if background_weight is None:
        background_weight = 1 / (len(structures) + 1)
    if not 0 <= background_weight < 1:
        raise ValueError(f"The background weight must lie in [0, 1); got {background_weight}.")
    return [background_weight] + [(1 - background_weight) / len(structures)] * len(structures)
