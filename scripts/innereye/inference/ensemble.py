"""How do several networks give one answer? Members one after the other, and what joins them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from innereye.configs.stages.segment import SegmentSettings
from innereye.errors import CheckpointError
from innereye.inference.checkpoint import load_network, read_weights
from innereye.inference.part import Part, slabs
from innereye.inference.scratch import Scratch, forget_pages
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


class Joint:
    """The joint posteriors of all members, on their way into one array (K, Z, Y, X), float32.

    Average: the mean of the posteriors. MajorityVote: the share of members that choose a class; where
    classes have equally many votes, the mean posterior decides. One member stays as it is in both.
    """

    def __init__(
        self,
        shape: Sequence[int],
        how: EnsembleAggregationType,
        *,
        members: int,
        scratch: Scratch,
    ) -> None:
        self._members = members
        self._total = scratch.zeros(shape, np.float32)
        is_vote = how is EnsembleAggregationType.MAJORITY_VOTE and members > 1
        self._votes = scratch.zeros(shape, np.float32) if is_vote else None

    def add(self, parts: Iterable[Part]) -> None:
        """Add one member: parts that together are the whole image."""
        for part in parts:
            # Slices and not a list of indices, so these are views.
            self._total[:, *part.target] += part.posteriors
            if self._votes is not None:
                add_votes(self._votes[:, *part.target], part.posteriors)
            self._forget()

    def parts(self) -> Iterator[Part]:
        """Yield the joint posteriors, part by part, once all members are in."""
        shape = self._total.shape
        for target in slabs(0, shape[1], shape):
            mean = self._total[:, *target]
            if self._members > 1:
                mean = mean / np.float32(self._members)
            if self._votes is None:
                yield Part(target, mean)
            else:
                votes = self._votes[:, *target]
                yield Part(target, votes / np.float32(self._members), with_means(votes, mean))
            self._forget()

    @property
    def has_scores(self) -> bool:
        """Whether something else than the joint posteriors decides the classes."""
        return self._votes is not None

    def classes(self) -> Iterator[np.ndarray]:
        """Yield the joint posterior (Z, Y, X) of each class; it is yours to change."""
        for total in self._total if self._votes is None else self._votes:
            yield total / np.float32(self._members)
            self._forget()

    def scores(self) -> Iterator[np.ndarray]:
        """Yield the scores (Z, Y, X) of each class, where there are some; they are yours to change."""
        if self._votes is not None:
            for votes, total in zip(self._votes, self._total, strict=True):
                yield with_means(votes, total / np.float32(self._members))
                self._forget()

    def _forget(self) -> None:
        forget_pages(self._total)
        if self._votes is not None:
            forget_pages(self._votes)


def with_means(votes: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return votes that are decided by the mean posterior where they are equal."""
    # A mean is at most 1, so half of it never outweighs a vote.
    return votes + np.float32(0.5) * mean


def add_votes(votes: np.ndarray, member: np.ndarray) -> None:
    """Count one vote in each voxel for the member's class; both are (K, z, y, x)."""
    chosen = segment_posteriors(member)
    for index in range(len(votes)):
        votes[index] += chosen == index
