"""Cross entropy over classes that exclude each other, against torch's own."""

import pytest
import torch
from torch.nn import functional

from innereye.losses.scalar.exclusive_cross_entropy import exclusive_cross_entropy_loss

LOGITS = torch.tensor([[2.0, 0.0, -1.0, 1.0], [0.0, 1.0, 0.5, 0.5], [0.3, -1.0, 0.0, 2.0]])
CLASSES = torch.tensor([2, 1, 3])
LABELS = functional.one_hot(CLASSES, 4).float()


@pytest.mark.parametrize(("is_summed", "reduction"), [(False, "mean"), (True, "sum")])
def test_it_is_that_of_torch(is_summed, reduction):
    loss = exclusive_cross_entropy_loss(LOGITS, LABELS, is_summed=is_summed)

    torch.testing.assert_close(loss, functional.cross_entropy(LOGITS, CLASSES, reduction=reduction))


def test_smoothing_gives_the_other_classes_equal_shares():
    target = LABELS * 0.7 + (1 - LABELS) * 0.1

    loss = exclusive_cross_entropy_loss(LOGITS, LABELS, label_smoothing_eps=0.3)

    torch.testing.assert_close(loss, functional.cross_entropy(LOGITS, target))


def test_an_item_of_no_class_counts_nothing():
    labels = LABELS.clone()
    labels[0] = 0

    loss = exclusive_cross_entropy_loss(LOGITS, labels)

    torch.testing.assert_close(loss, exclusive_cross_entropy_loss(LOGITS[1:], LABELS[1:]))


def test_one_unknown_label_leaves_the_class_unknown():
    labels = LABELS.clone()
    labels[0, 1] = torch.nan

    loss = exclusive_cross_entropy_loss(LOGITS, labels)

    torch.testing.assert_close(loss, exclusive_cross_entropy_loss(LOGITS[1:], LABELS[1:]))
