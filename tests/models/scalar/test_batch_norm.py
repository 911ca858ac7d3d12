"""Batch normalisation of a single value: the running statistics instead of an end of the training."""

import torch
from torch import nn

from innereye.models.scalar.batch_norm import BatchNorm


def test_it_is_that_of_torch_where_there_are_several_values():
    ours, theirs = BatchNorm(2), nn.BatchNorm3d(2)
    features = torch.randn(1, 2, 1, 1, 3)

    torch.testing.assert_close(ours(features), theirs(features))
    torch.testing.assert_close(ours.eval()(features), theirs.eval()(features))


def test_a_single_value_is_evened_out_as_in_inference():
    norm, value = BatchNorm(2), torch.tensor([3.0, -1.0]).view(1, 2, 1, 1, 1)
    norm(torch.randn(4, 2, 2, 2, 2))
    before = norm.running_mean.clone()

    in_training = norm(value)

    assert torch.equal(norm.running_mean, before)
    torch.testing.assert_close(in_training, norm.eval()(value))
