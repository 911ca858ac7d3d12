"""Does the file of an exported network compute what the network computes?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn

from innereye.architectures import NetworkSizes, Size
from innereye.errors import ExportError

# Posteriors lie in [0, 1]. Other orders of the same sums in 32 bits differ by some 1e-6.
TOLERANCE = 1e-4
SEEDS = (0, 1)
# A window of 64 voxels a side; larger ones would need gigabytes and minutes on a CPU.
MOST_VOXELS = 2**18
STEPS = (2, 1, 3)  # above the least size, in the steps of the network; not those of the drawn graph
BATCH = 3


@dataclass(frozen=True)
class Compared:
    """How far the posteriors of a file are from those of the network on one random input."""

    batch: int
    size_zyx: Size
    seed: int
    largest_difference: float
    share_of_other_classes: float


def compare(
    network: nn.Module,
    exported: Callable[[Tensor], Tensor],
    *,
    sizes: NetworkSizes,
    channels: int,
    window: Size,
    output_range: tuple[float, float],
) -> list[Compared]:
    """Compare a file with the network that it comes from, which gives logits, on seeded inputs.

    The inputs are uniform noise in `output_range`, of two legal sizes: a batch of three small ones,
    and one like `window` (Z, Y, X), made smaller where it is large.

    Raises:
        ExportError: posteriors differ by more than TOLERANCE, or are no numbers.
    """
    found: list[Compared] = []
    for batch, size, seed in _cases(sizes, window):
        images = _noise((batch, channels, *size), output_range, seed)
        with torch.no_grad():
            wanted = network(images).softmax(dim=1)
            given = exported(images)
        found.append(_difference(wanted, given, size, seed))
        _require_close(found[-1])
    return found


def _require_close(found: Compared) -> None:
    # Written such that a NaN does not pass.
    if not found.largest_difference <= TOLERANCE:
        raise ExportError(
            f"The exported network is wrong: on random input {found.seed} of size {found.size_zyx} its "
            f"posteriors are up to {found.largest_difference:.2g} away from those of the trained "
            f"network; allowed are {TOLERANCE:g}."
        )


def _difference(wanted: Tensor, given: Tensor, size: Size, seed: int) -> Compared:
    if wanted.shape != given.shape:
        raise ExportError(
            f"The exported network is wrong: on an input of size {size} it gives {tuple(given.shape)} "
            f"numbers; the trained network gives {tuple(wanted.shape)}."
        )
    others = wanted.argmax(dim=1) != given.argmax(dim=1)
    return Compared(
        batch=len(wanted),
        size_zyx=size,
        seed=seed,
        largest_difference=(wanted - given).abs().max().item(),
        share_of_other_classes=others.double().mean().item(),
    )


def _cases(sizes: NetworkSizes, window: Size) -> Iterator[tuple[int, Size, int]]:
    rows = zip(sizes.minimum, sizes.multiple, STEPS, strict=True)
    z, y, x = (least + multiple * count for least, multiple, count in rows)
    for seed in SEEDS:
        yield BATCH, (z, y, x), seed
        yield 1, shrunk(window, sizes), seed


def shrunk(window: Size, sizes: NetworkSizes) -> Size:
    """Return the size (Z, Y, X), its longest axis halved until it has at most MOST_VOXELS.

    What comes out is a legal size; an axis at its least stays.
    """
    size = list(window)
    while prod(size) > MOST_VOXELS:
        halves = [_half(*each) for each in zip(size, sizes.minimum, sizes.multiple, strict=True)]
        shorter = [axis for axis in range(3) if halves[axis] < size[axis]]
        if not shorter:
            break
        longest = max(shorter, key=size.__getitem__)
        size[longest] = halves[longest]
    z, y, x = size
    return z, y, x


def _half(length: int, least: int, multiple: int) -> int:
    return max(least, length // 2 // multiple * multiple)


def _noise(shape: Sequence[int], output_range: tuple[float, float], seed: int) -> Tensor:
    low, high = output_range
    generator = torch.Generator().manual_seed(seed)
    return torch.empty(*shape).uniform_(low, high, generator=generator)
