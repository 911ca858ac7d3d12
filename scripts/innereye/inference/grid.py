"""Where do the patches of a sliding window lie, and which voxels does each of them decide?"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from innereye.errors import ConfigError

Size: TypeAlias = tuple[int, int, int]
Slices: TypeAlias = tuple[slice, slice, slice]


@dataclass(frozen=True)
class Patch:
    """`source` cuts a patch from the padded image; its `core` decides `target` of the result."""

    source: Slices
    core: Slices
    target: Slices


@dataclass(frozen=True)
class Grid:
    """The patches of one image; sizes are (Z, Y, X).

    The image is first padded by `pad_before` and `pad_after`: up to a size that the network takes,
    and by half an overlap on each side, so that half an overlap can be cut off every result.
    """

    image_size: Size
    patch: Size
    stride: Size
    pad_before: Size
    pad_after: Size

    def patches(self) -> Iterator[Patch]:
        """Yield the patches in ascending (z, y, x) order; where two meet, the later holds."""
        for z, y, x in itertools.product(*(self._along(axis) for axis in range(3))):
            source, core, target = ((z[part], y[part], x[part]) for part in range(3))
            yield Patch(source, core, target)

    def _along(self, axis: int) -> list[tuple[slice, slice, slice]]:
        size, patch, stride = self.image_size[axis], self.patch[axis], self.stride[axis]
        margin = half_in_front(patch - stride)
        offset = self.pad_before[axis] - margin
        padded = self.pad_before[axis] + size + self.pad_after[axis]
        spans = []
        for start in positions(padded, patch=patch, stride=stride):
            first, last = max(0, start - offset), min(size, start - offset + stride)
            if first < last:
                skipped = margin + offset - start
                core = slice(first + skipped, last + skipped)
                spans.append((slice(start, start + patch), core, slice(first, last)))
        return spans


def plan_grid(image_size: Sequence[int], *, patch: Size, stride: Size, size_multiple: Size) -> Grid:
    """Return the grid for an image of any size (Z, Y, X).

    Args:
        image_size: voxels of the image.
        patch: test_crop_size. An image that is smaller gets a smaller patch.
        stride: inference_stride_size, from 1 to the patch; any overlap is allowed, odd ones too.
        size_multiple: what every size that the network accepts is a multiple of.

    Raises:
        ConfigError: the stride does not lie between 1 and the patch, or the patch does not suit the
            network.
    """
    _check(patch, stride, size_multiple)
    legal = legal_size(image_size, size_multiple)
    patch, stride = restrict_to_image(
        legal, patch=patch, stride=stride, size_multiple=size_multiple
    )
    before, after = [], []
    for size, allowed, width, step in zip(image_size, legal, patch, stride, strict=True):
        missing, overlap = allowed - size, width - step
        before.append(half_in_front(missing) + half_in_front(overlap))
        after.append(missing + overlap - before[-1])
    return Grid(_size(image_size), patch, stride, _size(before), _size(after))


def legal_size(image_size: Sequence[int], size_multiple: Sequence[int]) -> Size:
    """Return the smallest size that holds the image and that is a multiple on every axis."""
    return _size([_round_up(*pair) for pair in zip(image_size, size_multiple, strict=True)])


def restrict_to_image(
    image_size: Sequence[int], *, patch: Size, stride: Size, size_multiple: Size
) -> tuple[Size, Size]:
    """Return patch and stride, both made smaller where the patch exceeds the image on any axis.

    The smaller patch is a multiple of `size_multiple`; the stride keeps its proportion to the
    patch, rounded down.
    """
    if all(size >= width for size, width in zip(image_size, patch, strict=True)):
        return patch, stride
    smaller = [
        _round_up(min(width, size), multiple)
        for width, size, multiple in zip(patch, image_size, size_multiple, strict=True)
    ]
    steps = [
        max(1, step * new // width) for step, new, width in zip(stride, smaller, patch, strict=True)
    ]
    return _size(smaller), _size(steps)


def positions(padded_size: int, *, patch: int, stride: int) -> list[int]:
    """Return the first voxels of the patches along one axis; the last is flush with the end."""
    last = padded_size - patch
    starts = list(range(0, last + 1, stride))
    return starts if starts[-1] == last else [*starts, last]


def half_in_front(amount: int) -> int:
    """Return the share of a padding that goes in front: half of it, and the odd voxel."""
    return amount - amount // 2


def _check(patch: Size, stride: Size, size_multiple: Size) -> None:
    if not all(1 <= step <= width for step, width in zip(stride, patch, strict=True)):
        raise ConfigError(
            f"inference_stride_size {_text(stride)} does not suit test_crop_size {_text(patch)}: "
            "each number must lie between 1 and the crop's."
        )
    if any(width % multiple for width, multiple in zip(patch, size_multiple, strict=True)):
        raise ConfigError(
            f"test_crop_size {_text(patch)} does not suit the network: "
            f"its three numbers must be multiples of {_text(size_multiple)}."
        )


def _round_up(number: int, multiple: int) -> int:
    return -(-number // multiple) * multiple


def _size(numbers: Sequence[int]) -> Size:
    z, y, x = numbers
    return int(z), int(y), int(x)


def _text(size: Size) -> str:
    return ",".join(map(str, size))
