"""How are features evened out over a batch, when a batch may be a single item?"""

from torch import Tensor, nn
from torch.nn import functional


class BatchNorm(nn.BatchNorm3d):
    """Batch normalisation that takes the running statistics where a batch has one value a channel.

    The last batch of an epoch may be one item, of which deep levels leave one place: it has no
    deviation, and torch would end the training.
    """

    def forward(self, input: Tensor) -> Tensor:
        """Return features (N, C, Z, Y, X), evened out per channel."""
        is_single = input.numel() == input.shape[1]
        if not (self.training and is_single):
            return super().forward(input)
        return functional.batch_norm(
            input, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
        )
