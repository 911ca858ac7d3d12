"""The units of a regression: moments of known labels, kept with the weights, exact in half precision."""

import torch
from torch import nn

from innereye.models.scalar.label_scale import LabelScale, label_moments, set_label_scale

NAN = float("nan")
LABELS = torch.tensor([[3000.0, 1.0, NAN], [3400.0, 1.0, NAN], [NAN, 1.0, 5.0]])


def test_moments_are_those_of_the_known_labels():
    mean, std = label_moments(LABELS)

    assert mean.tolist() == [3200.0, 1.0, 5.0]
    torch.testing.assert_close(std, torch.tensor([LABELS[:2, 0].std().item(), 1.0, 1.0]))


def test_a_target_without_labels_keeps_its_numbers():
    mean, std = label_moments(torch.full((2, 1), NAN))

    assert (mean.item(), std.item()) == (0.0, 1.0)


def test_the_scale_travels_with_the_weights():
    network, other = (nn.Sequential(nn.Linear(2, 3), LabelScale(3)) for _ in range(2))
    set_label_scale(network, LABELS)

    other.load_state_dict(network.state_dict())

    features = torch.randn(4, 2)
    torch.testing.assert_close(
        other(features), network[0](features) * network[1].std + network[1].mean
    )
    assert not any("mean" in name for name, _ in network.named_parameters())


def test_values_are_exact_in_half_precision():
    scale = LabelScale(3)
    set_label_scale(scale, LABELS)

    values = scale(torch.ones(1, 3, dtype=torch.bfloat16))

    assert values.dtype is torch.float32
    torch.testing.assert_close(values[0], scale.mean + scale.std)
