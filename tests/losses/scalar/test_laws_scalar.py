"""What every loss of a scalar model keeps: unknown labels change nothing and break nothing."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from innereye.losses.scalar.binary_cross_entropy import binary_cross_entropy_loss
from innereye.losses.scalar.exclusive_cross_entropy import exclusive_cross_entropy_loss
from innereye.losses.scalar.mean_squared_error import mean_squared_error_loss

LOSSES = [binary_cross_entropy_loss, exclusive_cross_entropy_loss, mean_squared_error_loss]
Loss = Callable[[Tensor, Tensor], Tensor]
every_loss = pytest.mark.parametrize("loss", LOSSES)
NAN = float("nan")


def drawn(items: int = 6) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    labels = torch.eye(3)[torch.randint(3, (items,), generator=generator)]
    return torch.randn(items, 3, generator=generator), labels


def gradient(loss: Loss, output: Tensor, labels: Tensor) -> Tensor:
    output = output.clone().requires_grad_()
    (found,) = torch.autograd.grad(loss(output, labels), output)
    return found


@every_loss
def test_items_of_unknown_labels_change_nothing(loss: Loss):
    output, labels = drawn()
    more = torch.cat([output, torch.full((2, 3), 7.0)])
    unknown = torch.cat([labels, torch.full((2, 3), NAN)])

    torch.testing.assert_close(loss(more, unknown), loss(output, labels))
    torch.testing.assert_close(gradient(loss, more, unknown)[:6], gradient(loss, output, labels))
    assert not gradient(loss, more, unknown)[6:].any()


@every_loss
@pytest.mark.parametrize("wild", [NAN, float("inf"), -float("inf")])
def test_the_gradient_is_finite_whatever_the_network_says_there(loss: Loss, wild: float):
    output, labels = drawn()
    labels[1] = NAN
    output[1] = wild

    found = gradient(loss, output, labels)

    assert bool(torch.isfinite(found).all()) and not found[1].any() and bool(found[0].any())


@every_loss
def test_a_batch_without_labels_has_loss_0_and_a_graph(loss: Loss):
    output, labels = drawn()
    nothing = torch.full_like(labels, NAN)

    assert loss(output, nothing).item() == 0
    assert torch.equal(gradient(loss, output, nothing), torch.zeros_like(output))


@every_loss
def test_the_order_of_items_does_not_matter(loss: Loss):
    output, labels = drawn()
    order = torch.randperm(6, generator=torch.Generator().manual_seed(0))

    torch.testing.assert_close(loss(output[order], labels[order]), loss(output, labels))


@every_loss
def test_half_precision_is_computed_in_single(loss: Loss):
    output, labels = drawn()
    half = output.to(torch.bfloat16)

    assert loss(half, labels).dtype is torch.float32
    torch.testing.assert_close(loss(half, labels), loss(half.float(), labels))


@every_loss
def test_other_shapes_are_refused(loss: Loss):
    output, labels = drawn()

    with pytest.raises(ValueError, match=r"shape \(6, 3\) for labels of shape \(6, 1\)"):
        loss(output, labels[:, :1])
