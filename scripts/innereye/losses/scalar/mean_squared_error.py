"""How far is the network from the values?"""

from torch import Tensor

from innereye.losses.scalar.masked import known_labels, mean_of_known


def mean_squared_error_loss(values: Tensor, labels: Tensor) -> Tensor:
    """Return the mean of (value - label)^2 over the known labels, both (B, T), in float32."""
    output, truth, is_known = known_labels(values, labels)
    return mean_of_known((output - truth).square(), is_known)
