"""Mean squared error, in the labels' units or in deviations."""

import torch

from innereye.losses.scalar.mean_squared_error import mean_squared_error_loss

VALUES = torch.tensor([[1.0, 20.0], [3.0, 40.0]])
LABELS = torch.tensor([[2.0, 10.0], [torch.nan, 60.0]])


def test_value_by_hand():
    assert mean_squared_error_loss(VALUES, LABELS).item() == (1 + 100 + 400) / 3


def test_deviations_make_targets_alike():
    loss = mean_squared_error_loss(VALUES, LABELS, label_std=torch.tensor([2.0, 10.0]))

    assert loss.item() == (0.25 + 1 + 4) / 3
