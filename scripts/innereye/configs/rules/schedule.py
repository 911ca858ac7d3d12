"""Do the fields of loss, learning rate and epochs agree?"""

from typing import TYPE_CHECKING

from innereye.configs.fields.optimizer import OptimizerFields
from innereye.configs.fields.training import TrainerFields
from innereye.names import LossType, LRScheduler

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def learning_rate_is_complete(model: OptimizerFields) -> list[str]:
    """The schedule has what it needs."""
    complaints = []
    if model.min_l_rate > model.l_rate:
        complaints.append(f"min_l_rate {model.min_l_rate:g} exceeds l_rate {model.l_rate:g}.")
    milestones = model.l_rate_multi_step_milestones
    ordered = bool(milestones) and sorted(set(milestones)) == milestones
    if model.l_rate_scheduler == LRScheduler.MULTI_STEP and not ordered:
        complaints.append(
            "l_rate_scheduler 'MultiStep' needs l_rate_multi_step_milestones in rising order."
        )
    return complaints


def mixture_is_complete(model: "SegmentationModelBase") -> list[str]:
    """A mixture of losses has parts, none of which is a mixture."""
    complaints = []
    if model.loss_type == LossType.MIXTURE and not model.mixture_loss_components:
        complaints.append("loss_type 'Mixture' needs mixture_loss_components.")
    if any(part[1] == LossType.MIXTURE for part in model.mixture_loss_components):
        complaints.append("mixture_loss_components must not hold a 'Mixture' itself.")
    return complaints


def epochs_exist(model: TrainerFields) -> list[str]:
    """Test epochs are among the epochs that are trained."""
    beyond = [epoch for epoch in model.test_epochs or [] if epoch > model.num_epochs]
    if not beyond:
        return []
    return [
        f"test_epochs must lie between 1 and num_epochs={model.num_epochs}; "
        f"got {','.join(map(str, beyond))}."
    ]
