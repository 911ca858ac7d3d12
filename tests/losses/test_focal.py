"""Focal loss: check values, its scale, and the voxels that it looks at."""

import pytest
import torch

from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.focal import focal_loss

LOGITS = torch.tensor([[[2.0, 0.0, -1.0, 0.5], [0.0, 1.0, 0.5, 0.5]]]).reshape(1, 2, 1, 1, 4)
TARGET = torch.tensor([[[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]]).reshape(1, 2, 1, 1, 4)


def test_known_value():
    assert focal_loss(LOGITS, TARGET).item() == pytest.approx(0.450876, abs=1e-6)


def test_weights_of_voxels_are_those_of_the_formula_and_carry_no_gradient():
    logits = LOGITS.clone().requires_grad_()
    surprise = -torch.log_softmax(logits, dim=1)
    truth = TARGET.argmax(dim=1, keepdim=True)
    weights = (1 - torch.exp(-surprise.gather(1, truth)) + 1e-6).detach() ** 2
    by_hand = (surprise.gather(1, truth) * weights / weights.mean()).mean()
    (expected,) = torch.autograd.grad(by_hand, logits)

    loss = focal_loss(logits, TARGET, focal_loss_gamma=2.0)
    (gradient,) = torch.autograd.grad(loss, logits)

    torch.testing.assert_close(loss, by_hand)
    torch.testing.assert_close(gradient, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("power", [None, 0.5])
@pytest.mark.parametrize("eps", [0.0, 0.1])
def test_without_focus_it_is_the_cross_entropy(power, eps):
    options = {"class_weight_power": power, "label_smoothing_eps": eps}

    loss = focal_loss(LOGITS, TARGET, focal_loss_gamma=0.0, **options)

    torch.testing.assert_close(loss, cross_entropy_loss(LOGITS, TARGET, **options))


def test_where_structures_overlap_the_first_counts():
    both = TARGET.clone()
    both[:, 1] = 1.0
    first = torch.zeros_like(TARGET)
    first[:, 0] = TARGET[:, 0]
    first[:, 1] = 1 - TARGET[:, 0]

    assert torch.equal(focal_loss(LOGITS, both), focal_loss(LOGITS, first))


def test_voxels_of_no_class_count_nothing():
    # A crop that stands in for a missing one in training by several processes has no classes.
    logits = torch.cat([LOGITS, torch.full_like(LOGITS, 3.0)])
    target = torch.cat([TARGET, torch.zeros_like(TARGET)])

    assert 2 * focal_loss(logits, target) == pytest.approx(focal_loss(LOGITS, TARGET).item())
