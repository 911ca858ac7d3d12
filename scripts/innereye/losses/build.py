"""Which loss do these fields describe?"""

import math
from collections.abc import Sequence
from functools import partial

from innereye.errors import ConfigError, list_faults
from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.mixture import Loss, mixture_loss
from innereye.losses.soft_dice import soft_dice_loss
from innereye.names import LossType

SIMPLE_LOSSES = {
    LossType.SOFT_DICE: soft_dice_loss,
    LossType.CROSS_ENTROPY: cross_entropy_loss,
}
Component = tuple[float, str, float | None]


def build_loss(
    *,
    loss_type: str,
    mixture_loss_components: Sequence[Component] | None,
    loss_class_weight_power: float | None,
) -> Loss:
    """Return the loss as a function of logits and one-hot target, (B, K, Z, Y, X), to a scalar.

    A component of a mixture is (weight, loss_type, class_weight_power); `loss_class_weight_power`
    holds for simple losses only. They compute in float32. Raises ConfigError with all faults.
    """
    if loss_type not in list(LossType):
        raise ConfigError(f"loss_type must be one of {', '.join(LossType)}; got '{loss_type}'.")
    if loss_type != LossType.MIXTURE:
        return _simple_loss(loss_type, loss_class_weight_power)
    components = list(mixture_loss_components or [])
    faults = _component_faults(components)
    if faults:
        raise ConfigError(list_faults("mixture_loss_components cannot be used:", faults))
    losses = [(weight, _simple_loss(name, power)) for weight, name, power in components]
    return partial(mixture_loss, components=losses)


def _simple_loss(name: str, class_weight_power: float | None) -> Loss:
    return partial(SIMPLE_LOSSES[LossType(name)], class_weight_power=class_weight_power)


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
