"""How far is the network from the values?"""

from torch import Tensor

from innereye.losses.scalar.masked import known_labels, mean_of_known


def mean_squared_error_loss(
    values: Tensor, labels: Tensor, *, label_std: Tensor | None = None
) -> Tensor:
    """Return the mean of ((value - label) / s)^2 over the known labels, both (B, T), in float32.

    `label_std` (T,) is s, else 1. With the deviation of the training labels the loss is a share of
    their variance: its steps, and their limits, do not depend on the labels' units, and no target of
    large numbers drowns the others.
    """
    output, truth, is_known = known_labels(values, labels)
    distances = output - truth
    if label_std is not None:
        distances = distances / label_std.to(distances)
    return mean_of_known(distances.square(), is_known)
