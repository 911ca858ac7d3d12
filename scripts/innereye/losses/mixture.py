"""What is the weighted mean of several losses?"""

from collections.abc import Callable, Sequence

from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]


def mixture_loss(
    logits: Tensor, target: Tensor, *, components: Sequence[tuple[float, Loss]]
) -> Tensor:
    """Return the sum of weight x loss over the components, the weights scaled to a sum of 1."""
    total = sum(weight for weight, _ in components)
    parts = [loss(logits, target) * (weight / total) for weight, loss in components]
    value = parts[0]
    for part in parts[1:]:
        value = value + part
    return value
