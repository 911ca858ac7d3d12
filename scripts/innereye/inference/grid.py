"""Where do the patches of a sliding window lie, and which voxels does each of them decide?"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from innereye.architectures import NetworkSizes
from innereye.errors import ConfigError
from innereye.names import InferenceBlending

Size: TypeAlias = tuple[int, int, int]
Slices: TypeAlias = tuple[slice, slice, slice]

# Standard deviation of the weights, as a share of the window; nnU-Net's number.
GAUSSIAN_SHARE = 1 / 8


@dataclass(frozen=True)
class Span:
    """A patch along one axis: `source` in the padded image, `core` in the output, `target` in the image.

    `weights`, float32, one for each voxel of `target`: the share of this patch in the result, where
    patches are blended; those of all patches sum to 1 in each voxel. None where it decides alone.
    """

    source: slice
    core: slice
    target: slice
    weights: np.ndarray | None = None


@dataclass(frozen=True)
class Patch:
    """A patch of the padded image; Z, Y, X."""

    spans: tuple[Span, Span, Span]

    @property
    def source(self) -> Slices:
        """The patch in the padded image."""
        z, y, x = self.spans
        return z.source, y.source, x.source

    @property
    def core(self) -> Slices:
        """The part of the network's output that counts."""
        z, y, x = self.spans
        return z.core, y.core, x.core

    @property
    def target(self) -> Slices:
        """The voxels of the image that the core shows."""
        z, y, x = self.spans
        return z.target, y.target, x.target


@dataclass(frozen=True)
class Grid:
    """The patches of one image; sizes are (Z, Y, X).

    The image is first padded by `pad_before` and `pad_after`: up to a size that the network takes,
    by what the network's output lacks, and for cropping by half an overlap on each side.
    """

    image_size: Size
    patch: Size
    stride: Size
    output: Size
    pad_before: Size
    pad_after: Size
    blending: InferenceBlending

    def patches(self) -> Iterator[Patch]:
        """Yield the patches in ascending (z, y, x) order."""
        for z, y, x in itertools.product(*(self.along(axis) for axis in range(3))):
            yield Patch((z, y, x))

    def along(self, axis: int) -> list[Span]:
        """Return the patches along an axis; with cropping each voxel belongs to the last that may."""
        size, patch, output = self.image_size[axis], self.patch[axis], self.output[axis]
        is_cropped = self.blending is InferenceBlending.CROP
        width = self.stride[axis] if is_cropped else output
        margin = half_in_front(patch - width)
        offset = self.pad_before[axis] - margin
        padded = self.pad_before[axis] + size + self.pad_after[axis]
        lacking = (patch - output) // 2
        spans: list[Span] = []
        for start in positions(padded, patch=patch, stride=self.stride[axis]):
            first, last = max(0, start - offset), min(size, start - offset + width)
            if first < last:
                skipped = margin + offset - start - lacking
                core = slice(first + skipped, last + skipped)
                spans.append(Span(slice(start, start + patch), core, slice(first, last)))
        return without_overlap(spans) if is_cropped else with_weights(spans, size, output)


def plan_grid(
    image_size: Sequence[int],
    *,
    patch: Size,
    stride: Size,
    sizes: NetworkSizes,
    blending: InferenceBlending = InferenceBlending.CROP,
) -> Grid:
    """Return the grid for an image of any size (Z, Y, X).

    Args:
        image_size: voxels of the image.
        patch: test_crop_size. An image that is smaller gets a smaller patch, unless the network's
            output is smaller than its input: then the image is padded.
        stride: inference_stride_size, from 1 to the output; any overlap is allowed, odd ones too.
        sizes: what the network takes and gives.
        blending: 'Crop' pads the image by half an overlap, as InnerEye does; with 'Gaussian' the
            patches lie flush with the image, and none shows more padding than it must.

    Raises:
        ConfigError: the stride does not lie between 1 and the output, or the patch does not suit the
            network.
    """
    _check(patch, stride, sizes)
    output = sizes.output_size(patch)
    if output == patch:
        legal = legal_size(image_size, sizes.multiple)
        patch, stride = restrict_to_image(
            legal, patch=patch, stride=stride, size_multiple=sizes.multiple
        )
        output = patch
    else:
        legal = _size([max(pair) for pair in zip(image_size, output, strict=True)])
    shared = stride if blending is InferenceBlending.CROP else output
    before, after = [], []
    for size, allowed, width, part in zip(image_size, legal, patch, shared, strict=True):
        missing, overlap = allowed - size, width - part
        before.append(half_in_front(missing) + half_in_front(overlap))
        after.append(missing + overlap - before[-1])
    return Grid(_size(image_size), patch, stride, output, _size(before), _size(after), blending)


def without_overlap(spans: Sequence[Span]) -> list[Span]:
    """Return the spans cut so that each voxel belongs to the last one that shows it."""
    ends = [*(span.target.start for span in spans[1:]), *(span.target.stop for span in spans[-1:])]
    cut: list[Span] = []
    for span, end in zip(spans, ends, strict=True):
        less = max(0, span.target.stop - end)
        core = slice(span.core.start, span.core.stop - less)
        cut.append(Span(span.source, core, slice(span.target.start, span.target.stop - less)))
    return cut


def with_weights(spans: Sequence[Span], size: int, output: int) -> list[Span]:
    """Return the spans with Gaussian weights around the middle of the patch, which sum to 1."""
    distance = (np.arange(output) - (output - 1) / 2) / (GAUSSIAN_SHARE * output)
    gaussian = np.exp(-(distance**2) / 2)
    total = np.zeros(size)
    for span in spans:
        total[span.target] += gaussian[span.core]
    return [
        Span(
            span.source,
            span.core,
            span.target,
            (gaussian[span.core] / total[span.target]).astype(np.float32),
        )
        for span in spans
    ]


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


def _check(patch: Size, stride: Size, sizes: NetworkSizes) -> None:
    if not sizes.takes(patch):
        raise ConfigError(
            f"test_crop_size {_text(patch)} does not suit the network: "
            f"its three numbers must be {sizes.demand()}."
        )
    output = sizes.output_size(patch)
    if not all(1 <= step <= width for step, width in zip(stride, output, strict=True)):
        shown = f"test_crop_size {_text(patch)}"
        shown += "" if output == patch else f", whose output is {_text(output)}"
        raise ConfigError(
            f"inference_stride_size {_text(stride)} does not suit {shown}: "
            "each number must lie between 1 and that of the output."
        )


def _round_up(number: int, multiple: int) -> int:
    return -(-number // multiple) * multiple


def _size(numbers: Sequence[int]) -> Size:
    z, y, x = numbers
    return int(z), int(y), int(x)


def _text(size: Size) -> str:
    return ",".join(map(str, size))
