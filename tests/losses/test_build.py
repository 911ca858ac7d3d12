"""Building losses from fields; mixtures."""

import pickle

import pytest
import torch

from innereye.errors import ConfigError
from innereye.losses.build import SIMPLE_LOSSES, Component, build_loss
from innereye.losses.cross_entropy import cross_entropy_loss
from innereye.losses.focal import focal_loss
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


def test_each_loss_takes_the_options_that_it_knows(batch):
    def value(name, **options):
        return build_loss(
            loss_type=name, mixture_loss_components=None, loss_class_weight_power=None, **options
        )(*batch).item()

    smoothed = {name: value(name, label_smoothing_eps=0.2) for name in SIMPLE_LOSSES}
    focused = {name: value(name, focal_loss_gamma=3.0) for name in SIMPLE_LOSSES}

    plain = {name: value(name) for name in SIMPLE_LOSSES}
    assert [name for name in plain if plain[name] == smoothed[name]] == ["SoftDice"]
    assert [name for name in plain if plain[name] != focused[name]] == ["Focal"]


def test_a_mixture_hands_the_options_on(batch):
    mixture = build_loss(
        loss_type="Mixture",
        mixture_loss_components=[(1.0, "Focal", None)],
        loss_class_weight_power=None,
        focal_loss_gamma=2.0,
        label_smoothing_eps=0.1,
    )

    expected = focal_loss(*batch, focal_loss_gamma=2.0, label_smoothing_eps=0.1)

    assert torch.equal(mixture(*batch), expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label_smoothing_eps": 1.5}, r"label_smoothing_eps must lie in \[0, 1\]; got 1.5"),
        ({"focal_loss_gamma": -1.0}, "focal_loss_gamma must be a number of at least 0; got -1.0"),
        ({"focal_loss_gamma": float("nan")}, "focal_loss_gamma must be .* got nan"),
    ],
)
def test_a_fault_of_an_option_is_named(options, message):
    with pytest.raises(ConfigError, match=message):
        build_loss(
            loss_type="Focal",
            mixture_loss_components=None,
            loss_class_weight_power=None,
            **options,
        )


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
    with pytest.raises(ConfigError, match="CrossEntropy, Mixture; got 'Hinge'"):
        build("Hinge")
