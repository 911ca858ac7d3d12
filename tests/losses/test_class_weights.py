"""Class weights: rare classes count more, the mean stays 1."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from innereye.losses.class_weights import class_weights


def target_with(counts: list[int]) -> torch.Tensor:
    """A one-hot target (1, K, n, 1, 1) with the given number of voxels per class."""
    classes = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    return torch.eye(len(counts))[classes].T.reshape(1, len(counts), -1, 1, 1)


@pytest.mark.parametrize(
    ("power", "expected"),
    [(1.0, [0.5, 1.5]), (0.2, [0.8906, 1.1094]), (0.1, [0.9451, 1.0549])],
)
def test_three_voxels_against_one(power, expected):
    assert class_weights(target_with([3, 1]), power).tolist() == pytest.approx(expected, abs=5e-5)


def test_a_class_without_voxels_counts_as_one_voxel():
    absent, single = target_with([4, 2, 0]), target_with([4, 2, 1])

    assert torch.equal(class_weights(absent, 1.0), class_weights(single, 1.0))


@given(
    counts=st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any),
    power=st.floats(0.0, 2.0),
)
def test_the_mean_is_one_and_rarer_weighs_no_less(counts, power):
    weights = class_weights(target_with(counts), power)

    assert weights.mean().item() == pytest.approx(1.0, rel=1e-5)
    rarest_first = sorted(range(len(counts)), key=lambda index: max(counts[index], 1))
    ordered = weights[rarest_first]
    assert bool((ordered[:-1] >= ordered[1:] - 1e-6).all())


def test_voxels_are_counted_over_the_whole_batch():
    target = torch.cat([target_with([3, 1]), target_with([1, 3])])

    assert class_weights(target, 1.0).tolist() == [1.0, 1.0]
