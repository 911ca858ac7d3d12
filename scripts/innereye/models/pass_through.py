"""Which network answers with the same picture whatever it sees? One to try the pipeline around it."""

import torch
from torch import Tensor, nn

from innereye.architectures import Size, sizes_of
from innereye.models.layers import check_input
from innereye.names import Architecture

RING_VOXELS = 3


class PassThrough(nn.Module):
    """Square rings around the centre of each slice, one a structure; nothing is learnt.

    The logits are 0 and 1. Its one weight is multiplied by 0: optimisers and checkpoints ask for one.
    """

    def __init__(self, *, input_channels: int, num_classes: int) -> None:
        super().__init__()
        self.sizes = sizes_of(Architecture.PASS_THROUGH, kernel_size=1, num_downsampling_paths=0)
        self.input_channels = input_channels
        self.num_classes = num_classes
        self.unused = nn.Parameter(torch.zeros(1))

    @property
    def size_multiple(self) -> Size:
        """What every size (Z, Y, X) that the network takes is a multiple of."""
        return self.sizes.multiple

    def output_size(self, size: Size) -> Size:
        """Return the size (Z, Y, X) of the output: that of the input."""
        return self.sizes.output_size(size)

    def forward(self, image: Tensor) -> Tensor:
        """Map images (B, C, Z, Y, X) to logits (B, K, Z, Y, X)."""
        check_input(image, self)
        batch, _, depth, height, width = image.shape
        plane = rings(height, width, self.num_classes).to(image)
        logits = plane[None, :, None].expand(batch, -1, depth, -1, -1)
        return logits + 0 * self.unused


def rings(height: int, width: int, num_classes: int) -> Tensor:
    """Return 0 and 1, (K, Y, X): class f is the ring from (f-1) to f times three voxels.

    The distance from the centre is that of the farther axis, in whole voxels; class 0 is the rest.
    The picture is InnerEye's.
    """
    y, x = _distances(height), _distances(width)
    ring = torch.maximum(y[:, None], x[None, :]) // RING_VOXELS + 1
    inside = torch.where(ring < num_classes, ring, 0)
    return (inside[None] == torch.arange(num_classes)[:, None, None]).float()


def _distances(count: int) -> Tensor:
    """Return the distance of each of so many voxels in a row from their middle."""
    return (torch.arange(1 - count, count, 2).abs()) // 2
