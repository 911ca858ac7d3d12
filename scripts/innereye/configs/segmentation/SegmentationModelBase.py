"""What is a segmentation model? All its fields, with InnerEye's defaults."""

from typing import Any, Self

from innereye.architectures import sizes_of
from innereye.configs.colours import drawn_colours
from innereye.configs.fields.dataset import DatasetFields
from innereye.configs.fields.evaluation import (
    BaselineFields,
    EnsembleFields,
    OutlierFields,
    PlotFields,
    ReportFields,
    ScoreFields,
    StatisticsFields,
)
from innereye.configs.fields.geometry import ResamplingFields
from innereye.configs.fields.inference import (
    InferenceFields,
    PostProcessingFields,
    default_stride,
)
from innereye.configs.fields.network import NetworkFields, NormalisationFields
from innereye.configs.fields.optimizer import LossFields, OptimizerFields
from innereye.configs.fields.splits import SplitFields
from innereye.configs.fields.structures import (
    ContourFields,
    RoiInterpretedType,
    StructureFields,
)
from innereye.configs.fields.training import (
    AugmentationFields,
    CropFields,
    PaddingFields,
    PatchSamplingFields,
    ThreadFields,
    TrainerFields,
)
from innereye.configs.model_config import ModelConfig
from innereye.configs.rules.every_rule import RULES

# Fields whose None, where it is stated, is a value like any other.
NONE_SWITCHES_OFF = frozenset({"largest_connected_component_foreground_classes"})


class SegmentationModelBase(
    DatasetFields,
    SplitFields,
    StructureFields,
    ContourFields,
    ResamplingFields,
    NormalisationFields,
    NetworkFields,
    CropFields,
    PaddingFields,
    PatchSamplingFields,
    AugmentationFields,
    LossFields,
    OptimizerFields,
    TrainerFields,
    ThreadFields,
    InferenceFields,
    PostProcessingFields,
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

    def structure_defaults(self) -> dict[str, Any]:
        """Return the values of the fields that describe structures where none are stated, by field.

        They are worked out when all overrides are known: `ground_truth_ids` may be one of them.
        """
        count = len(self.ground_truth_ids)
        return {
            "class_weights": self.default_class_weights(),
            "ground_truth_ids_display_names": self.ground_truth_ids,
            "colours": drawn_colours(count),
            "fill_holes": [False] * count,
            "roi_interpreted_types": [RoiInterpretedType.ORGAN] * count,
        }

    def complaints(self) -> list[str]:
        """Return what is wrong between the fields, one sentence each."""
        return [complaint for rule in RULES for complaint in rule(self)]

    def derive(self) -> Self:
        """Return a copy in which fields left None are worked out from the others."""
        defaults = self.structure_defaults()
        model = (
            super()
            .derive()
            .override({name: value for name, value in defaults.items() if not self._states(name)})
        )
        if self.resample_spacing_zyx_mm is not None:
            model.dataset_expected_spacing_xyz = None
        model.test_crop_size = self.test_crop_size or self.crop_size
        sizes = sizes_of(
            self.architecture,
            kernel_size=self.kernel_size,
            num_downsampling_paths=self.num_downsampling_paths,
        )
        output_size = sizes.output_size(model.test_crop_size)
        model.inference_stride_size = self.inference_stride_size or default_stride(
            output_size, self.inference_blending
        )
        model.test_epochs = sorted(set(self.test_epochs or [self.num_epochs]))
        return model

    def _states(self, name: str) -> bool:
        """Has the model, or an override, a value of its own for a field that describes structures?"""
        stands = getattr(self, name) is not None or name in NONE_SWITCHES_OFF
        return stands and name in self.model_fields_set


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
