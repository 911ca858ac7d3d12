"""The loss that the fields of a scalar model describe, and what they may not describe."""

import pytest
import torch

from innereye.errors import ConfigError
from innereye.losses.mixture import Loss
from innereye.losses.scalar.binary_cross_entropy import binary_cross_entropy_loss
from innereye.losses.scalar.build import build_scalar_loss
from innereye.losses.scalar.exclusive_cross_entropy import exclusive_cross_entropy_loss
from innereye.losses.scalar.mean_squared_error import mean_squared_error_loss

OUTPUT = torch.tensor([[0.3, -2.0], [1.0, 4.0]])
LABELS = torch.tensor([[1.0, 0.0], [0.0, 1.0]])


def build(loss_type: str, **changes: object) -> Loss:
    return build_scalar_loss(**{"loss_type": loss_type, "num_targets": 2, **changes})


def test_each_type_is_its_loss_with_its_options():
    weights, eps = [2.0, 0.5], {"label_smoothing_eps": 0.1}
    plain = binary_cross_entropy_loss(OUTPUT, LABELS, **eps)
    weighted = binary_cross_entropy_loss(
        OUTPUT, LABELS, positive_weights=torch.tensor(weights), **eps
    )
    exclusive = exclusive_cross_entropy_loss(OUTPUT, LABELS, **eps)
    squares = mean_squared_error_loss(OUTPUT, LABELS, label_std=torch.tensor(weights))

    pairs = [
        (build("BinaryCrossEntropyWithLogits", **eps), plain),
        (build("WeightedCrossEntropyWithLogits", positive_weights=weights, **eps), weighted),
        (build("ExclusiveCrossEntropyWithLogits", **eps), exclusive),
        (build("MeanSquaredError", label_std=weights), squares),
        (build("MeanSquaredError"), mean_squared_error_loss(OUTPUT, LABELS)),
    ]

    assert [loss(OUTPUT, LABELS).item() for loss, _ in pairs] == [each.item() for _, each in pairs]


@pytest.mark.parametrize(
    ("loss_type", "change", "message"),
    [
        ("SoftDice", {}, "loss_type must be one of Binary.*; got 'SoftDice'"),
        ("CustomClassification", {}, "CustomClassification needs a loss .*: override get_loss_f"),
        ("CustomRegression", {}, "CustomRegression needs a loss of the model's own"),
        ("BinaryCrossEntropyWithLogits", {"label_smoothing_eps": 0.5}, r"in \[0, 0.5\); got 0.5"),
        ("WeightedCrossEntropyWithLogits", {}, "needs 2 weights, one a target; got 0"),
        ("WeightedCrossEntropyWithLogits", {"positive_weights": [1, 0]}, "above 0; got 1, 0"),
        ("MeanSquaredError", {"label_std": [1.0]}, "needs 2 deviations of the labels.*got 1"),
        ("ExclusiveCrossEntropyWithLogits", {"num_targets": 1}, "at least two class_names; got 1"),
    ],
)
def test_a_fault_is_named(loss_type, change, message):
    with pytest.raises(ConfigError, match=message):
        build(loss_type, **change)


def test_all_faults_are_named_at_once():
    with pytest.raises(ConfigError) as caught:
        build("WeightedCrossEntropyWithLogits", label_smoothing_eps=-1)

    assert "label_smoothing_eps" in str(caught.value) and "needs 2 weights" in str(caught.value)
