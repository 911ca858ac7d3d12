"""Where do random numbers come from? From (seed, fold, epoch, index), never from what was drawn before."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """Draws of different purpose do not share numbers."""

    ORDER = 0
    TRAIN_CROP = 1
    TRAIN_CHANGE = 2
    VAL_CROP = 3
    VAL_CHANGE = 4
    STEP = 5


@dataclass(frozen=True)
class Draws:
    """The random draws of one training. `fold` is -1 without cross-validation."""

    random_seed: int
    fold: int

    def generator(self, stream: Stream, *, epoch: int, index: int = 0) -> np.random.Generator:
        """Return the generator of one purpose, epoch (from 0) and crop."""
        return np.random.default_rng([self.random_seed, self.fold + 1, epoch, index, int(stream)])

    @property
    def weights_seed(self) -> int:
        """Seed of the network's first weights; each fold has another."""
        return self.random_seed + max(0, self.fold)
