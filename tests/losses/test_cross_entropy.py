"""Cross entropy: check values, weights and half precision."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from innereye.losses.class_weights import class_weights
from innereye.losses.cross_entropy import cross_entropy_loss

LOGITS = torch.tensor([[[2.0, 0.0, -1.0, 0.5], [0.0, 1.0, 0.5, 0.5]]]).reshape(1, 2, 1, 1, 4)
TARGET = torch.tensor([[[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]]).reshape(1, 2, 1, 1, 4)


def test_known_value():
    assert cross_entropy_loss(LOGITS, TARGET).item() == pytest.approx(0.333688, abs=1e-6)


def test_weights_are_not_divided_out():
    # Three voxels of class 0 answered with certainty, one of class 1 at even odds: weight 1.5.
    logits = torch.zeros(1, 2, 1, 1, 4)
    logits[:, 1, ..., :3] = -1e9
    target = torch.tensor([[[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]]).reshape(1, 2, 1, 1, 4)

    loss = cross_entropy_loss(logits, target, class_weight_power=1.0)

    assert loss.item() == pytest.approx(1.5 * math.log(2) / 4)


@pytest.mark.parametrize("power", [None, 0.0])
def test_no_power_means_no_weights(power):
    torch.manual_seed(0)
    logits, classes = torch.randn(2, 3, 4, 4, 4), torch.randint(0, 2, (2, 4, 4, 4))
    target = torch.eye(3)[classes].movedim(-1, 1)

    expected = torch.nn.functional.cross_entropy(logits, classes)

    loss = cross_entropy_loss(logits, target, class_weight_power=power)
    torch.testing.assert_close(loss, expected)


def test_where_structures_overlap_the_first_counts():
    target = torch.tensor([[[0.0], [1.0], [1.0]]]).reshape(1, 3, 1, 1, 1)
    logits = torch.tensor([[[0.0], [50.0], [0.0]]]).reshape(1, 3, 1, 1, 1)

    assert cross_entropy_loss(logits, target).item() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("power", [None, 0.5])
def test_half_precision_is_computed_in_single(power):
    loss = cross_entropy_loss((LOGITS * 1000).half(), TARGET, class_weight_power=power)

    assert loss.dtype is torch.float32
    assert loss.item() == pytest.approx(math.log(2) / 4)


@given(classes=st.integers(1, 5), seed=st.integers(0, 99))
def test_the_true_class_is_the_first_largest(classes, seed):
    target = torch.randint(
        0, 3, (2, classes, 3, 2, 4), generator=torch.Generator().manual_seed(seed)
    )
    logits = torch.randn(2, classes, 3, 2, 4)

    expected = torch.nn.functional.cross_entropy(logits, target.argmax(dim=1))

    torch.testing.assert_close(cross_entropy_loss(logits, target.float()), expected)


@pytest.mark.parametrize("power", [None, 1.0])
@pytest.mark.parametrize("eps", [0.0, 0.1, 1.0])
def test_smoothed_labels_are_summed_over_the_classes(eps, power):
    torch.manual_seed(0)
    logits, classes = torch.randn(2, 4, 3, 2, 5), torch.randint(0, 4, (2, 3, 2, 5))
    target = torch.eye(4)[classes].movedim(-1, 1)
    smoothed = target * (1 - eps) + (1 - target) * eps / 3
    weights = torch.ones(4) if power is None else class_weights(target, power)

    surprise = -torch.log_softmax(logits, dim=1) * smoothed * weights.view(1, 4, 1, 1, 1)

    loss = cross_entropy_loss(logits, target, class_weight_power=power, label_smoothing_eps=eps)
    torch.testing.assert_close(loss, surprise.sum(dim=1).mean())


def test_smoothing_of_two_classes_known_value():
    # Odds of e to 1 for the right class: 0.9 x log(1 + 1/e) + 0.1 x log(1 + e).
    logits = torch.tensor([[[1.0], [0.0]]]).reshape(1, 2, 1, 1, 1)
    target = torch.tensor([[[1.0], [0.0]]]).reshape(1, 2, 1, 1, 1)

    loss = cross_entropy_loss(logits, target, label_smoothing_eps=0.1)

    assert loss.item() == pytest.approx(0.9 * math.log1p(math.exp(-1)) + 0.1 * math.log1p(math.e))
