"""Binary cross entropy: values, weights, smoothing; unknown labels count nothing."""

import pytest
import torch
from torch.nn import functional

from innereye.losses.scalar.binary_cross_entropy import binary_cross_entropy_loss, positive_weights

NAN = float("nan")
LOGITS = torch.tensor([[2.0, -1.0], [0.5, 3.0], [-4.0, 0.0]])
LABELS = torch.tensor([[1.0, 0.0], [0.0, NAN], [NAN, 1.0]])
# The original's recorded cases (MIT licence): smoothing of one target, and weights of several.
SMOOTHED = ([[-10, -10, 0], [0, 0, 0]], [[0, 0, 1], [1, 1, 0]], 0.7954465866730359)
WEIGHTED = ([[-10, 1], [-10, 1], [10, 0]], [[1, 0], [1, 0], [0, 0]], 3.5199606038899645)


def tensor(values: list) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32)


def test_smoothing_as_recorded():
    logits, labels, expected = SMOOTHED

    loss = binary_cross_entropy_loss(
        tensor(logits).view(-1, 1), tensor(labels).view(-1, 1), label_smoothing_eps=0.1
    )
    moved = tensor(labels) * 0.8 + 0.1
    by_torch = functional.binary_cross_entropy_with_logits(tensor(logits), moved)

    assert loss.item() == pytest.approx(expected, rel=1e-5)
    torch.testing.assert_close(loss, by_torch)


def test_weights_of_targets_as_recorded():
    logits, labels, expected = WEIGHTED
    weights = positive_weights(tensor(labels))

    loss = binary_cross_entropy_loss(
        tensor(logits), tensor(labels), positive_weights=weights, label_smoothing_eps=0.1
    )

    assert weights.tolist() == [0.5, 1.0]
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_the_mean_is_over_what_is_known():
    known = ~torch.isnan(LABELS)
    weights = torch.tensor([3.0, 0.5])
    each = functional.binary_cross_entropy_with_logits(
        LOGITS, LABELS.nan_to_num(), pos_weight=weights, reduction="none"
    )

    loss = binary_cross_entropy_loss(LOGITS, LABELS, positive_weights=weights)

    torch.testing.assert_close(loss, each[known].mean())


def test_weights_count_known_labels_and_need_both_kinds():
    labels = torch.tensor([[1, NAN, 1, 0], [0, 1, 1, NAN], [0, 0, 1, 0], [NAN, 0, NAN, 0]])

    assert positive_weights(labels).tolist() == [2.0, 2.0, 1.0, 1.0]


def test_huge_logits_have_a_finite_loss():
    logits = torch.tensor([[1e4], [-1e4]])

    assert binary_cross_entropy_loss(logits, torch.tensor([[0.0], [1.0]])).item() == 1e4
