"""Laws that hold for every loss of the product."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from innereye.losses.build import SIMPLE_LOSSES, build_loss
from innereye.losses.mixture import Loss
from innereye.names import LossType

NAMES = [each.value for each in SIMPLE_LOSSES]
SEEDS = st.integers(0, 200)


def loss_named(name: str, power: float | None = None) -> Loss:
    return build_loss(
        loss_type=name,
        mixture_loss_components=[(0.5, "Focal", None), (0.5, "DiceCrossEntropy", None)],
        loss_class_weight_power=power,
    )


def drawn(seed: int, samples: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    """Random logits and an exclusive one-hot target, both (B, 3, 2, 3, 4)."""
    generator = torch.Generator().manual_seed(seed)
    classes = torch.randint(0, 3, (samples, 2, 3, 4), generator=generator)
    return torch.randn(samples, 3, 2, 3, 4, generator=generator), torch.eye(3)[classes].movedim(
        -1, 1
    )


@pytest.mark.parametrize("name", [*NAMES, "Mixture"])
@settings(max_examples=20)
@given(seed=SEEDS)
def test_a_perfect_answer_costs_nothing_and_no_answer_costs_less(name, seed):
    logits, target = drawn(seed)
    perfect = loss_named(name)(target * 200 - 100, target).item()

    assert perfect == pytest.approx(0.0, abs=1e-5)
    assert loss_named(name)(logits, target).item() > perfect


@pytest.mark.parametrize("power", [None, 0.5])
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20)
@given(seed=SEEDS)
def test_the_order_of_samples_and_voxels_does_not_count(name, power, seed):
    logits, target = drawn(seed, samples=3)
    order = torch.randperm(3, generator=torch.Generator().manual_seed(seed))
    shuffled = [each[order].flip(2).transpose(3, 4) for each in (logits, target)]

    loss = loss_named(name, power)

    torch.testing.assert_close(loss(*shuffled), loss(logits, target))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20)
@given(seed=SEEDS, shift=st.floats(-50, 50))
def test_a_constant_added_to_the_logits_does_not_count(name, seed, shift):
    logits, target = drawn(seed)

    loss = loss_named(name)

    torch.testing.assert_close(
        loss(logits + shift, target), loss(logits, target), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("name", sorted(set(NAMES) - {LossType.FOCAL}))
@settings(max_examples=20)
@given(seed=SEEDS)
def test_the_gradient_is_the_slope(name, seed):
    # Weights of the focal loss carry no gradient: tests of its own hold it to its formula.
    logits, target = drawn(seed)
    direction = torch.randn(logits.shape, generator=torch.Generator().manual_seed(seed + 1))
    loss, step = loss_named(name), 1e-2
    logits.requires_grad_()
    (gradient,) = torch.autograd.grad(loss(logits, target), logits)

    with torch.no_grad():
        ends = [loss(logits + sign * step * direction, target).item() for sign in (1, -1)]

    slope = (ends[0] - ends[1]) / (2 * step)
    assert (gradient * direction).sum().item() == pytest.approx(slope, abs=2e-4)
