"""Dice of the structures and cross entropy: what each of the two sees."""

import pytest
import torch

from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.dice_cross_entropy import dice_cross_entropy_loss, structures_dice_loss


def batch(*classes: list[int], count: int = 3) -> torch.Tensor:
    """A one-hot target (B, K, 1, 1, N) of the classes of each sample's voxels."""
    return torch.eye(count)[torch.tensor(classes)].movedim(-1, 1)[:, :, None, None]


def test_it_is_the_mean_of_its_parts():
    torch.manual_seed(0)
    target = batch([0, 1, 2, 0], [0, 0, 1, 1])
    logits = torch.randn(target.shape)
    options = {"class_weight_power": 0.5, "label_smoothing_eps": 0.1}

    dice = structures_dice_loss(torch.softmax(logits, 1), target)
    entropy = cross_entropy_loss(logits, target, **options)

    loss = dice_cross_entropy_loss(logits, target, **options)
    torch.testing.assert_close(loss, 0.5 * dice + 0.5 * entropy)


def test_dice_of_posteriors_by_hand():
    # The structure has two voxels, of which one is found; a third one is found in error.
    target, answer = batch([0, 1, 1, 0], count=2), batch([0, 1, 0, 1], count=2)

    assert structures_dice_loss(answer, target).item() == pytest.approx(0.5, abs=1e-5)


def test_the_background_does_not_count():
    target = batch([0, 0, 0, 0, 0, 0, 0, 1], count=2)
    answer = batch([0] * 8, count=2)

    assert structures_dice_loss(answer, target).item() == pytest.approx(1.0)


def test_an_absent_structure_is_left_out_of_the_dice():
    target, with_two = batch([0, 1, 1, 0]), batch([0, 1, 1, 0], count=2)
    answer = batch([0, 1, 0, 0]) * 0.9

    assert structures_dice_loss(answer, target) == structures_dice_loss(answer[:, :2], with_two)
    assert structures_dice_loss(answer, batch([0, 0, 0, 0])).item() == 0.0


def test_a_structure_that_is_missed_altogether_has_a_gradient():
    logits = torch.full((1, 2, 4, 4, 4), 0.0)
    logits[:, 0] = 30.0
    target = torch.zeros(1, 2, 4, 4, 4)
    target[:, 0] = 1.0
    target[0, :, 2, 2, 2] = torch.tensor([0.0, 1.0])
    logits.requires_grad_()

    dice_cross_entropy_loss(logits, target).backward()

    assert logits.grad[0, 1, 2, 2, 2].item() < -1e-3


def test_half_precision_is_computed_in_single():
    target = torch.zeros(1, 2, 48, 48, 48)
    target[:, 1] = 1.0

    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = dice_cross_entropy_loss(torch.zeros(target.shape).bfloat16(), target)

    assert loss.dtype is torch.float32
    assert loss.item() == pytest.approx(0.5 / 3 + 0.5 * 0.693147, abs=1e-5)
