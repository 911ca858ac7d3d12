"""Which weights does a training hand over: the last ones, or a moving average over its steps?"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

# In a checkpoint, `state_dict` always holds the weights to use. A training with an average goes on
# from these two entries beside it.
TRAINED = "trained_state_dict"
STEPS = "averaged_steps"


class AveragedWeights:
    """A moving average of a network's weights and statistics, with exponentially less of older ones.

    In step t the average keeps a share of min(decay, (1 + t) / (10 + t)), so that the first weights,
    which are random, are soon forgotten. Whole numbers are taken as they are.
    """

    def __init__(self, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._average: dict[str, Tensor] = {}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Count a step of the network."""
        current = network.state_dict()
        self._steps += 1
        if not self._average:
            self._average = {name: value.clone() for name, value in current.items()}
            return
        share = 1.0 - min(self._decay, (1 + self._steps) / (10 + self._steps))
        for name, value in current.items():
            average = self._average[name] = self._average[name].to(value.device)
            if value.is_floating_point():
                average.lerp_(value, share)
            else:
                average.copy_(value)

    def output(self, network: nn.Module, *inputs: Tensor | None) -> Any:
        """Return what the network gives for its inputs with the averaged weights."""
        if not self._average:
            return network(*inputs)
        device = next(each.device for each in inputs if each is not None)
        weights = {name: value.to(device) for name, value in self._average.items()}
        return functional_call(network, weights, inputs)

    def save(self, checkpoint: dict[str, Any], prefix: str) -> None:
        """Put the average into a checkpoint whose `state_dict` has the weights behind `prefix`."""
        trained: Mapping[str, Tensor] = checkpoint["state_dict"]
        averaged = {f"{prefix}{name}": value for name, value in self._average.items()}
        checkpoint[TRAINED] = dict(trained)
        checkpoint["state_dict"] = {**trained, **averaged}
        checkpoint[STEPS] = self._steps

    def load(self, checkpoint: Mapping[str, Any], prefix: str) -> None:
        """Go on from a checkpoint; one without an average is where the average begins."""
        weights = checkpoint["state_dict"]
        self._steps = int(checkpoint.get(STEPS, 0))
        self._average = {
            name.removeprefix(prefix): value.clone()
            for name, value in weights.items()
            if name.startswith(prefix)
        }


def restore_trained(checkpoint: dict[str, Any]) -> None:
    """Let a checkpoint's `state_dict` be that of the last step, to which its optimiser belongs."""
    checkpoint["state_dict"] = checkpoint.pop(TRAINED, checkpoint["state_dict"])
