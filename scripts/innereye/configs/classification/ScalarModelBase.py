"""What is a scalar model? All the fields of a classification or regression, with InnerEye's defaults."""

from collections.abc import Callable, Sequence
from typing import Any, Self

from innereye.configs.fields.evaluation import EnsembleFields, PlotFields, ReportFields
from innereye.configs.fields.optimizer import OptimizerFields
from innereye.configs.fields.scalar_data import ImbalanceFields, ScalarImageFields
from innereye.configs.fields.scalar_network import PretrainedFields, ScalarNormalisationFields
from innereye.configs.fields.scalar_training import ScalarAugmentationFields
from innereye.configs.fields.splits import SplitFields
from innereye.configs.fields.training import BatchFields, ThreadFields, TrainerFields
from innereye.configs.model_config import ModelConfig
from innereye.configs.rules.every_scalar_rule import scalar_complaints
from innereye.configs.scalar_shape import NetworkOfItems, default_architecture


class ScalarModelBase(
    NetworkOfItems,
    ScalarImageFields,
    ImbalanceFields,
    SplitFields,
    ScalarNormalisationFields,
    PretrainedFields,
    BatchFields,
    ScalarAugmentationFields,
    OptimizerFields,
    TrainerFields,
    ThreadFields,
    EnsembleFields,
    PlotFields,
    ReportFields,
    ModelConfig,
):
    """A network that gives each subject a class, or a number. Partial: inherit, and name the columns.

    The methods that return None are there to be overridden; what needs torch is best imported inside
    them, as the class is read whenever the workflow is.
    """

    def create_model(self) -> Any:
        """Return a network of your own, or None for the one that the fields describe.

        It is a torch module that maps images (B, C, Z, Y, X), features (B, F) and segmentations,
        None for what the model does not have, to outputs (B, T): logits, or values of a regression.
        """
        return None

    def get_image_transform(self) -> Any:
        """Return `ModelTransformsPerExecutionMode` for the images, or None for no transform."""
        return None

    def get_segmentation_transform(self) -> Any:
        """Return `ModelTransformsPerExecutionMode` for the segmentations, or None for no transform."""
        return None

    def get_label_transforms(self) -> Sequence[Callable[..., Any]] | None:
        """Return functions of the labels of an item, or None for those of the field label_transforms."""
        return None

    def get_loss_function(self) -> Callable[..., Any] | None:
        """Return a loss of outputs and labels, both (B, T), NaN where unknown; None for loss_type's."""
        return None

    def get_post_loss_logits_normalization_function(self) -> Callable[..., Any] | None:
        """Return what makes posteriors of logits, (B, T) each; None for sigmoid, softmax, or nothing."""
        return None

    @property
    def makes_own_network(self) -> bool:
        """Does the class, or one that it inherits from, override `create_model`?"""
        return type(self).create_model is not ScalarModelBase.create_model

    def complaints(self) -> list[str]:
        """Return what is wrong between the fields, one sentence each."""
        return scalar_complaints(self)

    def derive(self) -> Self:
        """Return a copy in which fields left None are worked out from the others."""
        model = super().derive()
        model.architecture = self.architecture or default_architecture(self.number_of_images)
        model.target_names = self.targets
        model.test_epochs = sorted(set(self.test_epochs or [self.num_epochs]))
        return model
