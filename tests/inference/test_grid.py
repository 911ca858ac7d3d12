"""Do the patches of a sliding window decide every voxel of images of any size?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.architectures import NetworkSizes
from innereye.errors import ConfigError
from innereye.inference.grid import half_in_front, plan_grid, positions, restrict_to_image


@st.composite
def plans(draw):
    """Draw an image size, and a patch, a stride and a multiple that suit each other."""
    axes = st.tuples(st.integers(1, 30), st.integers(1, 4), st.integers(1, 5))
    sizes, multiples, factors = zip(*(draw(axes) for _ in range(3)), strict=True)
    patch = tuple(m * f for m, f in zip(multiples, factors, strict=True))
    stride = tuple(draw(st.integers(1, width)) for width in patch)
    return sizes, {"patch": patch, "stride": stride, "sizes": NetworkSizes(multiple=multiples)}


@given(plans())
def test_every_voxel_is_decided_by_a_patch_of_legal_size(plan):
    sizes, numbers = plan
    grid = plan_grid(sizes, **numbers)
    decided = np.zeros(sizes, dtype=int)
    for patch in grid.patches():
        decided[patch.target] += 1
        assert [s.stop - s.start for s in patch.core] == [s.stop - s.start for s in patch.target]
    assert (decided == 1).all()
    assert all(p % m == 0 for p, m in zip(grid.patch, numbers["sizes"].multiple, strict=True))


@given(plans())
def test_patches_lie_in_the_padded_image_and_show_their_voxels_in_place(plan):
    sizes, numbers = plan
    grid = plan_grid(sizes, **numbers)
    padded = np.pad(np.arange(np.prod(sizes)).reshape(sizes), _widths(grid), mode="edge")
    shown = np.full(sizes, -1)
    for patch in grid.patches():
        window = padded[patch.source]
        assert window.shape == grid.patch
        shown[patch.target] = window[patch.core]
    np.testing.assert_array_equal(shown.ravel(), np.arange(np.prod(sizes)))


@given(plans())
def test_at_least_half_an_overlap_is_seen_on_each_side_of_a_decided_voxel(plan):
    sizes, numbers = plan
    grid = plan_grid(sizes, **numbers)
    for patch in grid.patches():
        for core, width, step in zip(patch.core, grid.patch, grid.stride, strict=True):
            assert core.start >= (width - step) // 2
            assert width - core.stop >= (width - step) // 2


def test_positions_step_by_the_stride_and_end_flush():
    assert positions(364, patch=128, stride=64) == [0, 64, 128, 192, 236]
    assert positions(768, patch=512, stride=256) == [0, 256]


def test_the_odd_voxel_of_a_padding_goes_in_front():
    assert [half_in_front(amount) for amount in (0, 1, 4, 5)] == [0, 1, 2, 3]


def test_a_small_image_gets_a_smaller_patch_with_the_stride_in_proportion():
    grid = plan_grid(
        (100, 300, 300),
        patch=(128, 512, 512),
        stride=(64, 256, 256),
        sizes=NetworkSizes(multiple=(16, 16, 16)),
    )
    assert grid.patch == (112, 304, 304)
    assert grid.stride == (56, 152, 152)


def test_a_small_image_may_give_an_odd_overlap():
    grid = plan_grid(
        (80, 64, 64),
        patch=(112, 64, 64),
        stride=(64, 64, 64),
        sizes=NetworkSizes(multiple=(16, 16, 16)),
    )
    assert (grid.patch[0], grid.stride[0]) == (80, 45)
    assert [patch.target[0] for patch in grid.patches()] == [slice(0, 35), slice(35, 80)]


def test_the_stride_never_falls_below_one_voxel():
    _, stride = restrict_to_image(
        (4, 9, 9), patch=(64, 8, 8), stride=(1, 8, 8), size_multiple=(4, 4, 4)
    )
    assert stride == (1, 8, 8)


@pytest.mark.parametrize(
    ("patch", "stride", "words"),
    [
        ((16, 16, 16), (16, 17, 16), "inference_stride_size 16,17,16 .* test_crop_size 16,16,16"),
        ((16, 16, 16), (0, 16, 16), "must lie between 1"),
        ((16, 20, 16), (16, 16, 16), "test_crop_size 16,20,16 .* multiples of 8"),
    ],
)
def test_numbers_that_do_not_suit_each_other_are_refused(patch, stride, words):
    with pytest.raises(ConfigError, match=words):
        plan_grid((30, 30, 30), patch=patch, stride=stride, sizes=NetworkSizes(multiple=(8, 8, 8)))


def _widths(grid):
    return list(zip(grid.pad_before, grid.pad_after, strict=True))
