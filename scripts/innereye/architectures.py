"""What does each network take and give? The facts of networks that need no torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from innereye.names import Architecture

Size: TypeAlias = tuple[int, int, int]

# Each convolution of 'Basic' shrinks the volume: two plain ones, then three blocks of two.
BASIC_DILATIONS = (1, 1, 2, 2, 2, 2, 2, 2)
HALVED_AXES: dict[Architecture, Size] = {
    Architecture.UNET3D: (2, 2, 2),
    Architecture.UNET2D: (1, 2, 2),
    Architecture.RESIDUAL_UNET3D: (2, 2, 2),
}
WITH_DEEP_SUPERVISION = (Architecture.RESIDUAL_UNET3D,)


@dataclass(frozen=True)
class NetworkSizes:
    """Sizes (Z, Y, X) in voxels that a network takes.

    Each is a multiple of `multiple` and at least `minimum`; the output is `shrinkage` smaller than
    the input, by half of it at each side.
    """

    multiple: Size = (1, 1, 1)
    minimum: Size = (1, 1, 1)
    shrinkage: Size = (0, 0, 0)

    def takes(self, size: Sequence[int]) -> bool:
        """Can the network be given an input of this size?"""
        rows = zip(size, self.multiple, self.minimum, strict=True)
        return all(length >= least and length % step == 0 for length, step, least in rows)

    def output_size(self, size: Sequence[int]) -> Size:
        """Return the size of the output for an input of this size."""
        z, y, x = (length - less for length, less in zip(size, self.shrinkage, strict=True))
        return z, y, x

    def demand(self) -> str:
        """Say which sizes the network takes, in words that complete `must be ...`."""
        if self.multiple != (1, 1, 1):
            return f"multiples of {_text(self.multiple)}"
        return f"at least {_text(self.minimum)}"


def sizes_of(
    architecture: Architecture, *, kernel_size: int, num_downsampling_paths: int
) -> NetworkSizes:
    """Return the sizes that a network with these fields takes."""
    if architecture == Architecture.BASIC:
        less = sum(BASIC_DILATIONS) * (kernel_size - 1)
        least = less + 1
        return NetworkSizes(minimum=(least, least, least), shrinkage=(less, less, less))
    z, y, x = HALVED_AXES.get(architecture, (1, 1, 1))
    depth = num_downsampling_paths
    multiple = (z**depth, y**depth, x**depth)
    return NetworkSizes(multiple=multiple, minimum=multiple)


def shape_faults(
    architecture: Architecture,
    *,
    feature_channels: Sequence[int],
    kernel_size: int,
    num_residual_blocks: Sequence[int],
    deep_supervision: bool | None,
) -> list[str]:
    """Return what is wrong with the shape of a network, one sentence each."""
    faults = _feature_faults(architecture, feature_channels)
    if kernel_size < 1 or kernel_size % 2 == 0:
        faults.append(f"kernel_size must be odd; got {kernel_size}.")
    if architecture == Architecture.RESIDUAL_UNET3D and (
        not num_residual_blocks or min(num_residual_blocks) < 1
    ):
        faults.append(
            "num_residual_blocks needs whole numbers of at least 1, one a level, such as 1,2; "
            f"got {_numbers(num_residual_blocks)}."
        )
    if deep_supervision and architecture not in WITH_DEEP_SUPERVISION:
        faults.append(
            f"deep_supervision needs the architecture {' or '.join(WITH_DEEP_SUPERVISION)}; "
            f"the model has {architecture}."
        )
    return faults


def is_supervised_deeply(architecture: str, deep_supervision: bool | None) -> bool:
    """Say whether coarser levels are supervised; None means wherever the architecture has them."""
    return architecture in WITH_DEEP_SUPERVISION if deep_supervision is None else deep_supervision


def _feature_faults(architecture: Architecture, feature_channels: Sequence[int]) -> list[str]:
    number = len(BASIC_DILATIONS)
    got = _numbers(feature_channels)
    if architecture == Architecture.BASIC and len(feature_channels) != number:
        return [
            f"feature_channels needs {number} whole numbers for Basic, one a convolution, such as "
            f"30,30,40,40,40,40,50,50; got {got}."
        ]
    if architecture in HALVED_AXES and not feature_channels:
        return [
            f"feature_channels needs at least one whole number for {architecture}, such as 32; "
            f"got {got}."
        ]
    if any(number < 1 for number in feature_channels):
        return [f"feature_channels needs whole numbers of at least 1; got {got}."]
    return []


def _numbers(values: Sequence[int]) -> str:
    return ",".join(map(str, values)) or "none"


def _text(size: Size) -> str:
    return str(size[0]) if len(set(size)) == 1 else ",".join(map(str, size))
