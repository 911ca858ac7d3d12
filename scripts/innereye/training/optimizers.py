"""Which optimiser do these fields describe?"""

from collections.abc import Iterable

from torch.nn import Parameter
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from innereye.names import OptimizerType


def build_optimizer(
    parameters: Iterable[Parameter],
    *,
    optimizer_type: str,
    l_rate: float,
    opt_eps: float,
    adam_betas: tuple[float, float],
    momentum: float,
    weight_decay: float,
    rms_alpha: float,
) -> Optimizer:
    """Return the optimiser of the parameters.

    The weight decay is part of the gradient (L2), except for AdamW, which takes it off the weights
    beside the step. Each type uses the fields that it knows: Adam, AMSGrad and AdamW `adam_betas`,
    SGD and RMSprop `momentum`, RMSprop `rms_alpha`, all but SGD `opt_eps`. Raises ValueError for an
    unknown type.
    """
    match OptimizerType(optimizer_type):
        case OptimizerType.ADAM | OptimizerType.AMSGRAD | OptimizerType.ADAMW as kind:
            adam = AdamW if kind is OptimizerType.ADAMW else Adam
            return adam(
                parameters,
                lr=l_rate,
                betas=(adam_betas[0], adam_betas[1]),
                eps=opt_eps,
                weight_decay=weight_decay,
                amsgrad=kind is OptimizerType.AMSGRAD,
            )
        case OptimizerType.SGD:
            return SGD(parameters, lr=l_rate, momentum=momentum, weight_decay=weight_decay)
        case OptimizerType.RMSPROP:
            return RMSprop(
                parameters,
                lr=l_rate,
                alpha=rms_alpha,
                eps=opt_eps,
                momentum=momentum,
                weight_decay=weight_decay,
            )
