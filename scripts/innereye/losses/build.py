"""Which loss do these fields describe?"""

import inspect
import math
from collections.abc import Callable, Sequence
from functools import partial

from torch import Tensor

from innereye.errors import ConfigError, list_faults
from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.dice_cross_entropy import dice_cross_entropy_loss
from innereye.losses.focal import focal_loss
from innereye.losses.mixture import Loss, mixture_loss
from innereye.losses.soft_dice import soft_dice_loss
from innereye.names import LossType

SIMPLE_LOSSES: dict[LossType, Callable[..., Tensor]] = {
    LossType.SOFT_DICE: soft_dice_loss,
    LossType.CROSS_ENTROPY: cross_entropy_loss,
    LossType.FOCAL: focal_loss,
    LossType.DICE_CROSS_ENTROPY: dice_cross_entropy_loss,
}
Component = tuple[float, str, float | None]


def build_loss(
    *,
    loss_type: str,
    mixture_loss_components: Sequence[Component] | None,
    loss_class_weight_power: float | None,
    label_smoothing_eps: float = 0.0,
    focal_loss_gamma: float = 1.0,
) -> Loss:
    """Return the loss as a function of logits and one-hot target, (B, K, Z, Y, X), to a scalar.

    A component of a mixture is (weight, loss_type, class_weight_power); `loss_class_weight_power`
    holds for simple losses only, `label_smoothing_eps` for all that hold a cross entropy. They
    compute in float32. Raises ConfigError with all faults.
    """
    options = {"label_smoothing_eps": label_smoothing_eps, "focal_loss_gamma": focal_loss_gamma}
    faults = _option_faults(label_smoothing_eps, focal_loss_gamma)
    if loss_type not in list(LossType):
        faults.append(f"loss_type must be one of {', '.join(LossType)}; got '{loss_type}'.")
    components = list(mixture_loss_components or [])
    if loss_type == LossType.MIXTURE:
        faults += _component_faults(components)
    if faults:
        raise ConfigError(list_faults("The loss cannot be used:", faults))
    if loss_type != LossType.MIXTURE:
        return _simple_loss(loss_type, loss_class_weight_power, options)
    losses = [(weight, _simple_loss(name, power, options)) for weight, name, power in components]
    return partial(mixture_loss, components=losses)


def _simple_loss(name: str, class_weight_power: float | None, options: dict[str, float]) -> Loss:
    """Return a loss with the options that it knows."""
    loss = SIMPLE_LOSSES[LossType(name)]
    known = {key: options[key] for key in inspect.signature(loss).parameters if key in options}
    return partial(loss, class_weight_power=class_weight_power, **known)


def _option_faults(label_smoothing_eps: float, focal_loss_gamma: float) -> list[str]:
    faults = []
    if not 0 <= label_smoothing_eps <= 1:
        faults.append(f"label_smoothing_eps must lie in [0, 1]; got {label_smoothing_eps}.")
    if not (math.isfinite(focal_loss_gamma) and focal_loss_gamma >= 0):
        faults.append(f"focal_loss_gamma must be a number of at least 0; got {focal_loss_gamma}.")
    return faults


def _component_faults(components: list[Component]) -> list[str]:
    if not components:
        return [f"loss_type '{LossType.MIXTURE}' needs at least one component; got none."]
    allowed = [each.value for each in SIMPLE_LOSSES]
    faults = [
        f"Component {number}: the loss must be one of {', '.join(allowed)}; got '{name}'."
        for number, (_, name, _) in enumerate(components, start=1)
        if name not in allowed
    ]
    weights = [weight for weight, _, _ in components]
    faults += [
        f"Component {number}: the weight must be a number of at least 0; got {weight}."
        for number, weight in enumerate(weights, start=1)
        if not (math.isfinite(weight) and weight >= 0)
    ]
    if not faults and sum(weights) == 0:
        faults.append("At least one weight must be above 0; all are 0.")
    return faults
