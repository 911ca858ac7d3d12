"""The loss of several resolutions: weights of the levels, and coarse targets."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.deep_supervision import at_size, full_resolution, loss_of_levels

ONE_LEVEL = torch.arange(2 * 3 * 4 * 4 * 8, dtype=torch.float32).reshape(2, 3, 4, 4, 8) % 7


def exclusive(size: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    """A random one-hot target (2, 3, Z, Y, X)."""
    generator = torch.Generator().manual_seed(seed)
    return torch.eye(3)[torch.randint(0, 3, (2, *size), generator=generator)].movedim(-1, 1)


def test_one_level_has_just_its_loss():
    target = exclusive((4, 4, 8))

    assert torch.equal(
        loss_of_levels(cross_entropy_loss, ONE_LEVEL, target), cross_entropy_loss(ONE_LEVEL, target)
    )
    assert full_resolution(ONE_LEVEL) is ONE_LEVEL


def test_each_level_weighs_half_of_the_finer_one():
    values = iter([7.0, 14.0, 28.0])
    levels = [torch.zeros(1, 3, size, size, size) for size in (8, 4, 2)]

    loss = loss_of_levels(lambda *_: torch.tensor(next(values)), levels, torch.zeros(1, 3, 8, 8, 8))

    assert loss.item() == pytest.approx((4 * 7 + 2 * 14 + 28) / 7)
    assert full_resolution(levels) is levels[0]


@given(factor=st.sampled_from([1, 2, 4, 8]), seed=st.integers(0, 20))
def test_coarse_targets_stay_exclusive(factor, seed):
    coarse = at_size(exclusive((8, 8, 16), seed), (8 // factor, 8, 16 // factor))

    assert coarse.shape == (2, 3, 8 // factor, 8, 16 // factor)
    assert torch.equal(coarse.sum(dim=1), torch.ones(2, 8 // factor, 8, 16 // factor))


@pytest.mark.parametrize("factor", [2, 4])
def test_a_coarse_voxel_is_the_finer_one_beside_its_centre(factor):
    target = torch.zeros(1, 2, 8, 8, 8)
    centre = (factor - 1) // 2 + factor
    target[:, 1, centre, centre, centre] = 1.0

    coarse = at_size(target, (8 // factor,) * 3)

    assert coarse[0, 1].nonzero().tolist() == [[1, 1, 1]]
    assert coarse.sum() == 1.0


def test_voxels_of_no_class_stay_so():
    assert not at_size(torch.zeros(1, 2, 4, 4, 4), (2, 2, 2)).any()
