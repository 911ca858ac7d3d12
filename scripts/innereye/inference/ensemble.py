"""How do several networks give one answer? Members one after the other, and what joins them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from innereye.configs.stages.segment import SegmentSettings
from innereye.errors import CheckpointError
from innereye.inference.checkpoint import load_network, read_weights
from innereye.inference.segmentation import segment_posteriors
from innereye.names import EnsembleAggregationType


class Members:
    """The networks of one or more checkpoints; the weights of one at a time are in memory.

    Raises:
        CheckpointError: there is no checkpoint, or one is missing, damaged or of another model.
    """

    def __init__(self, checkpoints: Sequence[Path], settings: SegmentSettings) -> None:
        if not checkpoints:
            raise CheckpointError("There is no checkpoint to segment with; at least one is needed.")
        self._checkpoints = checkpoints
        # All are looked at now, so that a bad one ends the job before the first subject.
        for checkpoint in checkpoints[1:]:
            load_network(checkpoint, settings)
        self._network = load_network(checkpoints[0], settings)
        self._loaded = checkpoints[0]

    def to(self, device: torch.device) -> None:
        """Move the network to a device."""
        self._network = self._network.to(device)

    def __len__(self) -> int:
        return len(self._checkpoints)

    def __iter__(self) -> Iterator[nn.Module]:
        """Yield the network with the weights of each member in turn; it is always the same object."""
        for checkpoint in self._checkpoints:
            if checkpoint != self._loaded:
                self._network.load_state_dict(read_weights(checkpoint))
                self._loaded = checkpoint
            yield self._network


@dataclass(frozen=True)
class Prediction:
    """What one or more networks say of a sample: posteriors (K, Z, Y, X) and classes (Z, Y, X)."""

    posteriors: np.ndarray
    segmentation: np.ndarray


def aggregate(members: Iterable[np.ndarray], how: EnsembleAggregationType) -> Prediction:
    """Return the joint prediction of the members' posteriors, each (K, Z, Y, X), float32.

    Average: the mean of the posteriors. MajorityVote: the share of members that choose a class; where
    classes have equally many votes, the mean posterior decides. One member stays as it is in both.
    The first array may be changed.
    """
    total: np.ndarray | None = None
    votes: np.ndarray | None = None
    count = 0
    for count, member in enumerate(members, start=1):  # noqa: B007  the last number is used
        if how is EnsembleAggregationType.MAJORITY_VOTE:
            votes = add_votes(votes, member)
        total = member if total is None else np.add(total, member, out=total)
    if total is None:
        raise CheckpointError("There is no checkpoint to segment with.")
    if count > 1:
        total /= np.float32(count)
    if votes is None or count == 1:
        return Prediction(total, segment_posteriors(total))
    # A mean is at most 1, so half of it never outweighs a vote.
    segmentation = segment_posteriors(votes + np.float32(0.5) * total)
    return Prediction(votes / np.float32(count), segmentation)


def add_votes(votes: np.ndarray | None, member: np.ndarray) -> np.ndarray:
    """Count one vote in each voxel for the member's class; float32 (K, Z, Y, X)."""
    if votes is None:
        votes = np.zeros_like(member)
    chosen = segment_posteriors(member)
    for index in range(len(votes)):
        votes[index] += chosen == index
    return votes
