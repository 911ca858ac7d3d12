"""Soft Dice: check values, laws and half precision."""

import pytest
import torch

from innereye.losses.soft_dice import soft_dice_loss, soft_dice_of

LOGITS = torch.tensor([[[2.0, 0.0, -1.0, 0.5], [0.0, 1.0, 0.5, 0.5]]]).reshape(1, 2, 1, 1, 4)
TARGET = torch.tensor([[[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]]).reshape(1, 2, 1, 1, 4)


def test_known_value():
    assert soft_dice_loss(LOGITS, TARGET).item() == pytest.approx(0.112382, abs=1e-6)


def test_a_certain_and_right_answer_costs_nothing_and_a_wrong_one_all():
    certain = (2 * TARGET - 1) * 50

    assert soft_dice_loss(certain, TARGET).item() == pytest.approx(0.0, abs=1e-6)
    assert soft_dice_loss(-certain, TARGET).item() == pytest.approx(1.0, abs=1e-6)


def test_each_sample_counts_by_itself():
    both = soft_dice_loss(torch.cat([LOGITS, -LOGITS]), torch.cat([TARGET, TARGET])).item()
    alone = [soft_dice_loss(logits, TARGET).item() for logits in (LOGITS, -LOGITS)]

    assert both == pytest.approx(sum(alone) / 2)


def test_an_absent_class_that_is_not_predicted_costs_nothing():
    logits = torch.zeros(1, 2, 1, 1, 4)
    logits[:, 0] = 40.0
    target = torch.zeros(1, 2, 1, 1, 4)
    target[:, 0] = 1.0

    assert soft_dice_loss(logits, target).item() == pytest.approx(0.0, abs=1e-3)


def test_weights_scale_the_ratio_of_each_class():
    posteriors = torch.softmax(LOGITS, dim=1)
    ratio = (posteriors * TARGET).sum((2, 3, 4)) / (posteriors**2 + TARGET**2).sum((2, 3, 4))

    weighted = soft_dice_of(posteriors, TARGET, weights=torch.tensor([0.5, 1.5]), epsilon=0.0)

    expected = 1 - 2 * (ratio * torch.tensor([[0.5, 1.5]])).mean()
    assert weighted.item() == pytest.approx(expected.item())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_single(dtype):
    torch.manual_seed(0)
    logits = torch.randn(1, 2, 64, 64, 64).to(dtype)
    target = torch.zeros(1, 2, 64, 64, 64)
    target[:, 0] = 1.0

    with torch.autocast("cpu", dtype=dtype):
        loss = soft_dice_loss(logits, target)

    assert loss.dtype is torch.float32
    assert loss.item() == pytest.approx(soft_dice_loss(logits.double(), target).item(), abs=1e-5)


def test_the_gradient_is_that_of_the_formula():
    logits = LOGITS.double().clone().requires_grad_()

    soft_dice_loss(logits, TARGET).backward()

    step = 1e-2
    shifted = LOGITS.clone()
    shifted[0, 1, 0, 0, 2] += step
    slope = (soft_dice_loss(shifted, TARGET) - soft_dice_loss(LOGITS, TARGET)).item() / step
    assert logits.grad is not None
    assert logits.grad[0, 1, 0, 0, 2].item() == pytest.approx(slope, rel=0.02)
