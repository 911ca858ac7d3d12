"""Building losses from fields; mixtures."""

import pickle

import pytest
import torch

from innereye.errors import ConfigError
from innereye.losses.build import Component, build_loss
from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.mixture import Loss
from innereye.losses.soft_dice import soft_dice_loss


def build(
    loss_type: str, components: list[Component] | None = None, power: float | None = None
) -> Loss:
    return build_loss(
        loss_type=loss_type, mixture_loss_components=components, loss_class_weight_power=power
    )


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    classes = (torch.rand(2, 4, 5, 6, generator=generator) * 3).square().long().clamp(max=2)
    return torch.randn(2, 3, 4, 5, 6, generator=generator), torch.eye(3)[classes].movedim(-1, 1)


@pytest.mark.parametrize("power", [None, 0.5])
@pytest.mark.parametrize(
    ("name", "function"), [("SoftDice", soft_dice_loss), ("CrossEntropy", cross_entropy_loss)]
)
def test_a_simple_loss_takes_the_field_for_its_weights(name, function, power, batch):
    expected = function(*batch, class_weight_power=power)

    assert torch.equal(build(name, power=power)(*batch), expected)
    assert not torch.equal(build(name, power=1.0)(*batch), expected)


def test_a_mixture_scales_its_weights_to_one(batch):
    mixture = build("Mixture", [(3.0, "SoftDice", None), (1.0, "CrossEntropy", 0.5)], power=2.0)

    dice, entropy = soft_dice_loss(*batch), cross_entropy_loss(*batch, class_weight_power=0.5)

    torch.testing.assert_close(mixture(*batch), 0.75 * dice + 0.25 * entropy)


def test_a_loss_can_be_pickled_and_has_a_gradient(batch):
    logits, target = batch
    logits.requires_grad_()
    loss = pickle.loads(pickle.dumps(build("Mixture", [(1.0, "SoftDice", 0.1)])))

    loss(logits, target).backward()

    assert logits.grad is not None and bool(logits.grad.any())


@pytest.mark.parametrize(
    ("components", "message"),
    [
        (None, "at least one component; got none"),
        ([(1.0, "Mixture", None)], "Component 1: the loss must be one of SoftDice, CrossEntropy"),
        ([(1.0, "SoftDice", None), (-1.0, "SoftDice", None)], "Component 2: the weight .* got -1"),
        ([(float("nan"), "SoftDice", None)], "Component 1: the weight .* got nan"),
        ([(0.0, "SoftDice", None)], "At least one weight must be above 0"),
    ],
)
def test_a_fault_of_a_mixture_is_named(components, message):
    with pytest.raises(ConfigError, match=message):
        build("Mixture", components)


def test_an_unknown_loss_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="SoftDice, CrossEntropy, Mixture; got 'Hinge'"):
        build("Hinge")
