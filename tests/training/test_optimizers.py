"""Optimisers from fields."""

import pytest
import torch
from torch.nn import Parameter
from torch.optim import Optimizer

from innereye.training.optimizers import build_optimizer


def build(name: str, parameter: Parameter) -> Optimizer:
    return build_optimizer(
        [parameter],
        optimizer_type=name,
        l_rate=0.01,
        opt_eps=1e-4,
        adam_betas=(0.8, 0.99),
        momentum=0.6,
        weight_decay=0.05,
        rms_alpha=0.7,
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Adam", {"betas": (0.8, 0.99), "eps": 1e-4, "amsgrad": False}),
        ("AMSGrad", {"betas": (0.8, 0.99), "eps": 1e-4, "amsgrad": True}),
        ("SGD", {"momentum": 0.6}),
        ("RMSprop", {"alpha": 0.7, "eps": 1e-4, "momentum": 0.6}),
        ("AdamW", {"betas": (0.8, 0.99), "eps": 1e-4}),
    ],
)
def test_fields_reach_the_optimiser(name, expected):
    defaults = build(name, Parameter(torch.zeros(1))).defaults

    expected |= {"lr": 0.01, "weight_decay": 0.05}
    assert {field: defaults[field] for field in expected} == expected


@pytest.mark.parametrize("name", ["Adam", "AMSGrad", "SGD", "RMSprop", "AdamW"])
def test_a_step_lowers_the_loss(name):
    parameter = Parameter(torch.tensor([3.0]))
    optimizer = build(name, parameter)

    parameter.square().sum().backward()
    optimizer.step()

    assert 0 < parameter.item() < 3.0


def test_weight_decay_is_coupled_to_the_gradient():
    # Coupled decay goes through Adam's scaling: the first step is l_rate long whatever the decay.
    parameter = Parameter(torch.tensor([3.0]))
    optimizer = build("Adam", parameter)

    parameter.grad = torch.zeros(1)
    optimizer.step()

    assert parameter.item() == pytest.approx(3.0 - 0.01, abs=1e-4)


def test_an_unknown_optimiser_is_refused():
    with pytest.raises(ValueError, match="Adagrad"):
        build("Adagrad", Parameter(torch.zeros(1)))


@pytest.mark.parametrize(("name", "is_decoupled"), [("AdamW", True), ("Adam", False)])
def test_only_adamw_takes_its_decay_off_the_weights_themselves(name, is_decoupled):
    parameter = Parameter(torch.tensor([3.0]))
    optimizer = build(name, parameter)

    parameter.grad = torch.zeros(1)
    optimizer.step()

    # Without a gradient AdamW shrinks a weight by l_rate * weight_decay; Adam's step divides the
    # decay by its own size, so that the weight loses about l_rate.
    loss = 3.0 - parameter.item()
    assert loss == pytest.approx(3.0 * 0.01 * 0.05 if is_decoupled else 0.01, rel=0.01)
