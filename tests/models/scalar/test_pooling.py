"""Pooling: each kind by its formula, and what it has to begin with."""

import torch

from innereye.models.scalar.pooling import GatedPooling, build_pooling
from innereye.scalar_names import AggregationType

SIZE = (2, 1, 3)
FEATURES = torch.tensor([[[1.0, 2, 6, -3, 0, 0], [0, 0, 0, 0, 0, 12]]]).view(1, 2, *SIZE)
MEANS, LARGEST = torch.tensor([[1.0, 2.0]]), torch.tensor([[6.0, 12.0]])


def pooling(kind: str) -> torch.nn.Module:
    torch.manual_seed(1)
    return build_pooling(AggregationType(kind), channels=2, size=SIZE)


def test_average_and_maximum():
    torch.testing.assert_close(pooling("Average")(FEATURES), MEANS)
    torch.testing.assert_close(pooling("Max")(FEATURES), LARGEST)


def test_mix_begins_with_half_of_each_and_learns_the_share():
    mix = pooling("Mix")
    torch.testing.assert_close(mix(FEATURES), (MEANS + LARGEST) / 2)

    mix.mixing_weight.data.fill_(torch.tensor(0.9).logit())

    torch.testing.assert_close(mix(FEATURES), 0.9 * MEANS + 0.1 * LARGEST)


def test_a_gate_looks_at_its_own_channel():
    gated = pooling("Gated")
    assert isinstance(gated, GatedPooling)
    share = [
        torch.sigmoid(gated.weight[each] @ FEATURES[0, each].flatten() + gated.bias[each])
        for each in range(2)
    ]

    expected = [
        share[each] * MEANS[0, each] + (1 - share[each]) * LARGEST[0, each] for each in (0, 1)
    ]

    torch.testing.assert_close(gated(FEATURES)[0], torch.stack(expected))


def test_slices_have_equal_weights_to_begin_with_and_learn_others():
    adaptive = pooling("Adaptive3dAverage")
    torch.testing.assert_close(adaptive(FEATURES), MEANS)

    adaptive.slice_weights.data = torch.tensor([0.25, 0.75]).log()

    torch.testing.assert_close(adaptive(FEATURES), torch.tensor([[0.25 * 3 - 0.75, 0.75 * 4]]))


def test_kinds_that_learn_receive_gradients():
    for kind in ("Mix", "Gated", "Adaptive3dAverage"):
        learnt = pooling(kind)
        learnt(FEATURES).square().sum().backward()
        assert all(bool(each.grad.any()) for each in learnt.parameters()), kind
