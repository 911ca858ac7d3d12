"""How are numerical features made comparable? By their mean and deviation on Train."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Standardisation:
    """Mean and standard deviation of each feature; 0 and 1 where the feature stays as it is."""

    names: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def fit(cls, names: Sequence[str], values: np.ndarray) -> "Standardisation":
        """Return the statistics of features, values (N, F), of Train; only finite values count.

        The deviation is that of a sample (n - 1). A feature without one, or with 0, stays as it is.
        """
        if values.ndim != 2 or values.shape[1] != len(names):
            raise ValueError(f"{len(names)} features, values of shape {values.shape}.")
        statistics = [_mean_and_std(column) for column in values.astype(np.float64).T]
        means, stds = zip(*statistics, strict=True) if statistics else ((), ())
        return cls(tuple(names), means, stds)

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return features (..., F), float32, as (value - mean) / deviation."""
        return ((values - np.array(self.mean)) / np.array(self.std)).astype(np.float32)

    def to_plain(self) -> dict[str, Any]:
        """Return what JSON can hold; numbers survive to the last bit."""
        return {"names": list(self.names), "mean": list(self.mean), "std": list(self.std)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Standardisation":
        """Return the statistics of `to_plain`."""
        return cls(tuple(plain["names"]), tuple(plain["mean"]), tuple(plain["std"]))


def _mean_and_std(column: np.ndarray) -> tuple[float, float]:
    finite = column[np.isfinite(column)]
    if finite.size < 2 or finite.min() == finite.max():
        return 0.0, 1.0
    return float(finite.mean()), float(finite.std(ddof=1))
