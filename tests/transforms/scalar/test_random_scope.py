"""Seeded draws from the global generators, which stand afterwards as before."""

import random

import numpy as np
import pytest
import torch

from innereye.transforms.scalar.random_scope import random_scope


def draws() -> tuple:
    """A number of each global generator."""
    return random.random(), float(np.random.random()), float(torch.rand(1))


def states() -> tuple:
    return random.getstate(), str(np.random.get_state()), torch.get_rng_state().tolist()


def draws_with(seed: int) -> tuple:
    with random_scope(seed):
        return draws()


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_the_seed_alone_decides(seed):
    first = draws_with(seed)
    draws()

    assert draws_with(seed) == first


def test_seeds_that_are_near_have_other_draws():
    drawn = [draws_with(seed) for seed in range(20)]

    assert all(len(set(each)) == 20 for each in zip(*drawn, strict=True))


def test_the_global_generators_stand_as_before_also_after_an_error():
    before, threads = states(), torch.get_num_threads()

    with pytest.raises(ZeroDivisionError), random_scope(3):
        draws()
        raise ZeroDivisionError

    assert states() == before and torch.get_num_threads() == threads


def test_scopes_within_scopes():
    with random_scope(1):
        first = draws()
        draws_with(2)
        second = draws()

    with random_scope(1):
        assert (first, second) == (draws(), draws())


def test_sums_do_not_depend_on_the_number_of_threads():
    threads = torch.get_num_threads()
    torch.set_num_threads(threads + 1)
    try:
        with random_scope(1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == threads + 1
    finally:
        torch.set_num_threads(threads)
