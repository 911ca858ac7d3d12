"""Losses of the original toolbox, as recorded."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from innereye.losses.class_weights import class_weights
from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.focal import focal_loss
from innereye.losses.soft_dice import soft_dice_loss, soft_dice_of

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="conformance vectors not beside the checkout"
)


def case(number: int) -> dict[str, Any]:
    text = (VECTORS / "json" / "losses.json").read_text(encoding="utf-8")
    return next(each for each in json.loads(text)["cases"] if each["id"] == f"losses/{number}")


def volume(values: list) -> torch.Tensor:
    """Recorded (B, K, N) values as (B, K, N, 1, 1)."""
    return torch.tensor(values, dtype=torch.float32)[..., None, None]


@pytest.mark.parametrize("number", [0, 2, 4])
def test_cross_entropy(number):
    # Case 4 is a focal loss with gamma 0, which is the cross entropy. Cases 6 and 8 are losses of
    # classification, case 10 is a helper of the original that no loss here needs.
    fields, expected = case(number)["input"], case(number)["expected"]

    loss = cross_entropy_loss(
        volume(fields["logits"]),
        volume(fields["target_one_hot"]),
        class_weight_power=fields["class_weight_power"],
    )

    assert loss.item() == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_class_weights():
    fields, expected = case(12)["input"], case(12)["expected"]

    weights = class_weights(volume(fields["target_one_hot"]), fields["power"])

    assert weights.tolist() == pytest.approx(expected, abs=1e-6)


def test_soft_dice_of_a_perfect_answer():
    perfect = torch.zeros(10, 2, 4)
    perfect[:, :, 0] = 1

    assert soft_dice_of(perfect, perfect, epsilon=0.0).item() == case(14)["expected"]


def test_soft_dice_of_a_half_right_answer():
    output, target = torch.zeros(10, 2, 4), torch.zeros(10, 2, 4)
    output[:, 0, 0:2] = output[:, 1, 2:4] = 1
    target[:, 0, 1:3] = target[:, 1, 0:4:2] = 1

    assert soft_dice_of(output, target, epsilon=0.0).item() == case(16)["expected"]


def test_soft_dice_of_logits():
    fields, expected = case(18)["input"], case(18)["expected"]

    loss = soft_dice_loss(volume(fields["output"]), volume(fields["target"]))

    assert loss.item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("key", "power"), [("plain", None), ("weighted", 1.0)])
def test_cross_entropy_of_random_logits(key, power):
    fields, expected = case(20)["input"], case(20)["expected"]

    loss = cross_entropy_loss(
        volume(fields["logits"]), volume(fields["target_one_hot"]), class_weight_power=power
    )

    assert loss.item() == pytest.approx(expected[key], rel=1e-5)


def test_focal_loss_of_random_logits():
    fields, expected = case(20)["input"], case(20)["expected"]

    loss = focal_loss(
        volume(fields["logits"]), volume(fields["target_one_hot"]), focal_loss_gamma=2.0
    )

    assert loss.item() == pytest.approx(expected["focal_2"], rel=1e-5)


def test_focal_loss_without_focus_is_the_weighted_cross_entropy():
    fields, expected = case(4)["input"], case(4)["expected"]

    loss = focal_loss(
        volume(fields["logits"]),
        volume(fields["target_one_hot"]),
        focal_loss_gamma=fields["focal_gamma"],
        class_weight_power=fields["class_weight_power"],
    )

    assert loss.item() == pytest.approx(expected, rel=1e-5)
