"""A structure that a sample lacks is part of its background for every loss, and nothing else changes."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.losses.absent_structures import without_absent
from innereye.losses.build import SIMPLE_LOSSES
from innereye.training.crop_batch import one_hot

SEEDS = st.integers(0, 2**20)
PRESENT = st.lists(st.booleans(), min_size=3, max_size=3)


def drawn(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return logits (2, 4, 2, 3, 4) and labels (2, 3, 2, 3, 4)."""
    generator = torch.Generator().manual_seed(seed)
    logits = 3 * torch.randn(2, 4, 2, 3, 4, generator=generator)
    classes = torch.randint(4, (2, 2, 3, 4), generator=generator)
    return logits, torch.stack([classes == index for index in (1, 2, 3)], dim=1).float()


@settings(max_examples=25, deadline=None)
@given(SEEDS, PRESENT)
def test_the_posterior_of_the_background_takes_those_of_the_absent(seed, present):
    logits, _ = drawn(seed)
    has_structure = torch.tensor([present, [True] * 3])
    before = torch.softmax(logits, dim=1)
    after = torch.softmax(without_absent(logits, has_structure), dim=1)
    known = torch.tensor([True, *present])
    expected = torch.where(known.view(4, 1, 1, 1), before[0], torch.zeros(()))
    expected[0] += before[0][~known].sum(dim=0)
    torch.testing.assert_close(after[0], expected)
    torch.testing.assert_close(after[1], before[1])


@pytest.mark.parametrize("name", sorted(SIMPLE_LOSSES))
def test_no_loss_tells_the_background_from_an_absent_structure(name):
    logits, labels = drawn(3)
    has_structure = torch.tensor([[True, False, True]] * 2)
    target = one_hot(labels * has_structure.view(2, 3, 1, 1, 1))
    swapped = logits[:, [2, 1, 0, 3]]
    losses = [
        SIMPLE_LOSSES[name](without_absent(each, has_structure), target)
        for each in (logits, swapped)
    ]
    torch.testing.assert_close(losses[0], losses[1])
    assert losses[0] != SIMPLE_LOSSES[name](logits, target)


@pytest.mark.parametrize("name", sorted(SIMPLE_LOSSES))
def test_gradients_are_finite_and_those_of_labelled_classes_are_there(name):
    logits, labels = drawn(4)
    has_structure = torch.tensor([[True, False, False], [False, True, True]])
    logits.requires_grad_(True)
    target = one_hot(labels * has_structure.view(2, 3, 1, 1, 1))
    SIMPLE_LOSSES[name](without_absent(logits, has_structure), target).backward()
    assert logits.grad.isfinite().all()
    assert logits.grad[0, 1].abs().sum() > 0


def test_complete_samples_are_left_alone():
    logits, _ = drawn(5)
    assert without_absent(logits, None) is logits
    torch.testing.assert_close(without_absent(logits, torch.ones(2, 3, dtype=torch.bool)), logits)


def test_each_level_of_an_output_is_changed():
    logits, _ = drawn(6)
    has_structure = torch.tensor([[True, False, True]] * 2)
    levels = without_absent([logits, logits[..., :2]], has_structure)
    torch.testing.assert_close(levels[1], without_absent(logits, has_structure)[..., :2])
