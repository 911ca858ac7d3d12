"""What does a training learn? The parts in which kinds of models differ, for the loop that they share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch.utils.data import Dataset

from innereye.names import Split
from innereye.training.epoch_metrics import EpochSummary
from innereye.training.processes import Processes
from innereye.training.training_module import TrainingModule


@dataclass(frozen=True)
class Task:
    """Data, network and numbers of a training.

    `datasets` give a sample by its key (epoch, index), `collate` joins samples to a batch, and `units`
    is what people call them. `make_module` makes network and steps, `columns` is the header of
    epoch_metrics.csv, and `named` gives the numbers of an epoch by the names that InnerEye logs. With
    `chances` samples of Train are drawn with replacement.
    """

    subjects: Mapping[Split, int]
    datasets: Mapping[Split, Dataset[Any]]
    lengths: Mapping[Split, int]
    collate: Callable[[Sequence[Any]], Any]
    make_module: Callable[[Processes], TrainingModule]
    columns: Callable[[bool], list[str]]
    named: Callable[[Any], Mapping[str, float]]
    network: str
    units: str
    chances: np.ndarray | None = None

    def header(self, split: Split) -> list[str]:
        """Return the columns of a split's table; Train alone has a learning rate."""
        return self.columns(split is Split.TRAIN)

    def numbers(self, metrics: EpochSummary) -> Mapping[str, float]:
        """Return the numbers of an epoch for TensorBoard."""
        return self.named(metrics)
