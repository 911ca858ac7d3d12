"""What is minimised, and how?"""

from typing import Annotated

from pydantic import BeforeValidator

from innereye.configs.fields.base import Fields
from innereye.configs.readers import Form, choice_of, choices, optional, read_nested, read_number
from innereye.configs.values import (
    Betas,
    Count,
    OptionalCounts,
    OptionalPositiveReal,
    OptionalShare,
    PositiveReal,
    Probability,
    Real,
    RealFromZero,
    WholeFromZero,
)
from innereye.names import LossType, LRScheduler, LRWarmUp, OptimizerType

Loss = Annotated[LossType, choice_of(LossType), choices(LossType)]
OptionalReal = Annotated[
    Real | None,
    optional(read_number),
    Form("a number or None"),
]
MixtureComponent = tuple[PositiveReal, Loss, OptionalReal]


class LossFields(Fields):
    """The loss."""

    loss_type: Loss = LossType.SOFT_DICE
    """Loss between posteriors and ground truth."""
    mixture_loss_components: Annotated[
        list[MixtureComponent],
        BeforeValidator(read_nested),
        Form('weight, loss and class weight power of each part, as [[0.5, "SoftDice", null], ...]'),
    ] = []
    """Parts of the loss 'Mixture'."""
    loss_class_weight_power: OptionalReal = None
    """Weigh classes by the number of their voxels to minus this power."""
    focal_loss_gamma: RealFromZero = 1.0
    """How much less voxels count in 'Focal' that are found already; 0 makes it the cross entropy."""
    label_smoothing_eps: Probability = 0.0
    """Share of each voxel's label that goes to the other classes, in losses with a cross entropy."""


class OptimizerFields(Fields):
    """The optimiser and the learning rate."""

    optimizer_type: Annotated[OptimizerType, choice_of(OptimizerType), choices(OptimizerType)] = (
        OptimizerType.ADAM
    )
    """Optimiser of the weights."""
    l_rate: RealFromZero = 1e-4
    """First learning rate."""
    min_l_rate: RealFromZero = 0.0
    """Learning rate that 'Polynomial' and 'Cosine' end with."""
    l_rate_scheduler: Annotated[LRScheduler, choice_of(LRScheduler), choices(LRScheduler)] = (
        LRScheduler.POLYNOMIAL
    )
    """Course of the learning rate."""
    l_rate_exponential_gamma: PositiveReal = 0.9
    """Factor per epoch of 'Exponential'."""
    l_rate_step_gamma: PositiveReal = 0.1
    """Factor per step of 'Step'."""
    l_rate_step_step_size: Count = 50
    """Epochs in a step of 'Step'."""
    l_rate_multi_step_gamma: PositiveReal = 0.1
    """Factor at each milestone of 'MultiStep'."""
    l_rate_multi_step_milestones: OptionalCounts = None
    """Epochs at which 'MultiStep' changes the rate."""
    l_rate_polynomial_gamma: RealFromZero = 1e-4
    """Exponent of 'Polynomial'."""
    l_rate_warmup: Annotated[LRWarmUp, choice_of(LRWarmUp), choices(LRWarmUp)] = LRWarmUp.NO_WARMUP
    """Course of the learning rate in the warm-up."""
    l_rate_warmup_epochs: WholeFromZero = 0
    """Epochs of the warm-up."""
    opt_eps: PositiveReal = 1e-4
    """Epsilon of Adam and RMSprop."""
    rms_alpha: RealFromZero = 0.9
    """Smoothing of RMSprop."""
    adam_betas: Betas = (0.9, 0.999)
    """Decay of Adam's two means."""
    momentum: RealFromZero = 0.6
    """Momentum of SGD and RMSprop."""
    weight_decay: RealFromZero = 1e-4
    """Penalty on the squared weights."""
    gradient_clip_norm: OptionalPositiveReal = None
    """Largest norm of the gradients of all weights together; None takes them as they are."""
    ema_decay: OptionalShare = None
    """Share that a moving average of the weights keeps in a step, such as 0.999; None for no average."""
