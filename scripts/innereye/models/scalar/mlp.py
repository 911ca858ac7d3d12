"""Which network turns a row of features into the outputs of a model?"""

from torch import Tensor, nn

from innereye.models.scalar.inputs import checked_features

LEAST_HIDDEN = 16  # the normalisation of a layer of one or two numbers would leave nothing of them


class Mlp(nn.Sequential):
    """InnerEye's head: a layer half as wide as its input with LayerNorm, tanh and dropout, and another.

    It maps features (B, N) to outputs (B, T).
    """

    def __init__(self, num_features: int, num_targets: int, dropout: float) -> None:
        hidden = max(num_features // 2, LEAST_HIDDEN)
        super().__init__(
            nn.Linear(num_features, hidden),
            nn.LayerNorm(hidden),
            nn.Tanh(),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_targets),
        )


class NonImageMlp(nn.Module):
    """A network that looks at features alone: numerical columns and one-hot categories.

    Args:
        head: from features (B, F) to outputs (B, T).
    """

    def __init__(self, num_features: int, *, head: nn.Module) -> None:
        super().__init__()
        self.num_features = num_features
        self.head = head

    def forward(
        self,
        images: Tensor | None,  # noqa: ARG002  all scalar networks are called alike
        features: Tensor | None = None,
        segmentations: Tensor | None = None,  # noqa: ARG002
    ) -> Tensor:
        """Return outputs (B, T) for features (B, F)."""
        return self.head(checked_features(features, self.num_features))
