"""Which loss of a scalar model do these fields describe?"""

import math
from collections.abc import Sequence
from functools import partial

import torch

from innereye.errors import ConfigError, list_faults
from innereye.losses.mixture import Loss
from innereye.losses.scalar.binary_cross_entropy import binary_cross_entropy_loss
from innereye.losses.scalar.exclusive_cross_entropy import exclusive_cross_entropy_loss
from innereye.losses.scalar.mean_squared_error import mean_squared_error_loss
from innereye.scalar_names import ScalarLoss

CUSTOM = (ScalarLoss.CUSTOM_CLASSIFICATION, ScalarLoss.CUSTOM_REGRESSION)


def build_scalar_loss(
    *,
    loss_type: str,
    num_targets: int,
    positive_weights: Sequence[float] | None = None,
    label_std: Sequence[float] | None = None,
    label_smoothing_eps: float = 0.0,
) -> Loss:
    """Return the loss as a function of outputs and labels, (B, T), to a scalar.

    NaN labels count nothing. `positive_weights` and `label_std`, one number a target, are those of
    the training labels: WeightedCrossEntropyWithLogits needs the first, MeanSquaredError may have the
    second. Custom losses are the model's own and not built here. Raises ConfigError with all faults.
    """
    faults = _faults(loss_type, num_targets, positive_weights, label_smoothing_eps)
    if loss_type == ScalarLoss.MEAN_SQUARED_ERROR and label_std is not None:
        faults += _number_faults("deviations of the labels", loss_type, num_targets, label_std)
    if faults:
        raise ConfigError(list_faults("The loss cannot be used:", faults))
    match ScalarLoss(loss_type):
        case ScalarLoss.MEAN_SQUARED_ERROR:
            std = None if label_std is None else torch.tensor(label_std, dtype=torch.float32)
            return partial(mean_squared_error_loss, label_std=std)
        case ScalarLoss.EXCLUSIVE_CROSS_ENTROPY:
            return partial(exclusive_cross_entropy_loss, label_smoothing_eps=label_smoothing_eps)
        case ScalarLoss.WEIGHTED_CROSS_ENTROPY:
            return partial(
                binary_cross_entropy_loss,
                positive_weights=torch.tensor(positive_weights, dtype=torch.float32),
                label_smoothing_eps=label_smoothing_eps,
            )
        case _:
            return partial(binary_cross_entropy_loss, label_smoothing_eps=label_smoothing_eps)


def _faults(
    loss_type: str,
    num_targets: int,
    positive_weights: Sequence[float] | None,
    label_smoothing_eps: float,
) -> list[str]:
    faults = []
    built = [each.value for each in ScalarLoss if each not in CUSTOM]
    if loss_type in list(CUSTOM):
        faults.append(
            f"loss_type {loss_type} needs a loss of the model's own: override get_loss_function, "
            f"or choose one of {', '.join(built)}."
        )
    elif loss_type not in built:
        faults.append(f"loss_type must be one of {', '.join(ScalarLoss)}; got '{loss_type}'.")
    if not 0 <= label_smoothing_eps < 0.5:
        faults.append(f"label_smoothing_eps must lie in [0, 0.5); got {label_smoothing_eps}.")
    if loss_type == ScalarLoss.EXCLUSIVE_CROSS_ENTROPY and num_targets < 2:
        faults.append(f"{loss_type} needs at least two class_names; got {num_targets}.")
    if loss_type == ScalarLoss.WEIGHTED_CROSS_ENTROPY:
        faults += _number_faults("weights", loss_type, num_targets, positive_weights or [])
    return faults


def _number_faults(
    what: str, loss_type: str, num_targets: int, numbers: Sequence[float]
) -> list[str]:
    if len(numbers) != num_targets:
        return [f"{loss_type} needs {num_targets} {what}, one a target; got {len(numbers)}."]
    if not all(0 < each < math.inf for each in numbers):
        return [f"{loss_type} needs {what} above 0; got {', '.join(map(str, numbers))}."]
    return []
