"""What happened in each epoch? The rows of Train/ and Val/epoch_metrics.csv."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from innereye.io.files import atomic_write
from innereye.names import DICE

EPOCH = "epoch"
LEARNING_RATE = "learning_rate"


class EpochSummary(Protocol):
    """What is known of an epoch, whatever the model learns."""

    @property
    def loss(self) -> float:
        """The mean loss."""
        ...

    @property
    def learning_rate(self) -> float | None:
        """The rate of the epoch; validation has none."""
        ...

    @property
    def headline(self) -> str:
        """The number that people look at, with its name."""
        ...

    def cells(self, epoch: int, fold: int) -> list[str]:
        """Return the row of the table."""
        ...


@dataclass(frozen=True)
class EpochMetrics:
    """Means over the crops of one epoch; NaN where no crop had a value.

    Dice is on crops; `average_dice` is the mean over crops of each crop's mean over structures.
    `voxel_counts` are foreground voxels per crop. Validation has no learning rate.
    """

    subject_count: int
    loss: float
    average_dice: float
    dice: tuple[float, ...]
    voxel_counts: tuple[float, ...]
    learning_rate: float | None = None

    @property
    def headline(self) -> str:
        """The Dice that people look at."""
        return f"Dice {self.average_dice:.3f}"

    def cells(self, epoch: int, fold: int) -> list[str]:
        """Return the row of an epoch, counted from 0, in the order of `columns`."""
        rate = [] if self.learning_rate is None else [f"{self.learning_rate:.6e}"]
        return [
            _decimal(self.subject_count),
            _decimal(self.loss),
            *rate,
            *map(_decimal, (self.average_dice, *self.dice, *self.voxel_counts)),
            str(epoch),
            str(fold),
        ]


def columns(structures: Sequence[str], *, with_learning_rate: bool) -> list[str]:
    """Return the header of epoch_metrics.csv."""
    return [
        "subject_count",
        "loss",
        *([LEARNING_RATE] if with_learning_rate else []),
        f"{DICE}/AverageAcrossStructures",
        *(f"{DICE}/{structure}" for structure in structures),
        *(f"VoxelCount/{structure}" for structure in structures),
        EPOCH,
        "cross_validation_split_index",
    ]


def named_metrics(metrics: EpochMetrics, *, structures: Sequence[str]) -> dict[str, float]:
    """Return the metrics of an epoch under the names that InnerEye logs."""
    rate = {} if metrics.learning_rate is None else {"LearningRate": metrics.learning_rate}
    dice = dict(zip(structures, metrics.dice, strict=True))
    voxels = dict(zip(structures, metrics.voxel_counts, strict=True))
    return {
        "Loss": metrics.loss,
        **rate,
        "SubjectCount": float(metrics.subject_count),
        f"{DICE}/AverageAcrossStructures": metrics.average_dice,
        **{f"{DICE}/{structure}": value for structure, value in dice.items()},
        **{f"VoxelCount/{structure}": value for structure, value in voxels.items()},
    }


class EpochMetricsTable:
    """An epoch_metrics.csv that grows by one row per epoch and is whole at any time.

    Its last two columns are the epoch and the fold.

    The first row is that of `first_epoch`, counted from 0: a training may start from the checkpoint
    of another one, whose rows are not repeated. Where only each `every`-th epoch is looked at, the
    others have no row.
    """

    def __init__(
        self,
        path: Path,
        header: Sequence[str],
        *,
        fold: int,
        first_epoch: int = 0,
        every: int = 1,
    ) -> None:
        self.path = path
        self._every = every
        self._first_epoch = first_epoch
        self._fold = fold
        self._header = list(header)

    def count_epochs(self) -> int:
        """Return how many epochs can be finished when all rows that they need are there."""
        rows = self._read()
        epochs = [row[-2] for row in rows if len(row) == len(self._header)]
        expected = [str(self._epoch_of_row(row)) for row in range(len(rows))]
        return self._epoch_of_row(len(rows)) if epochs == expected else self._first_epoch

    def keep(self, num_epochs: int) -> None:
        """Drop the rows of all but the first epochs; writes the header where there is no file."""
        rows = range(num_epochs)
        kept = sum(self._epoch_of_row(row) < num_epochs for row in rows)
        self._write(self._read()[:kept])

    def _epoch_of_row(self, row: int) -> int:
        """Return the epoch that a row is of; both count from 0."""
        first = -(-(self._first_epoch + 1) // self._every) * self._every - 1
        return first + row * self._every

    def append(self, epoch: int, metrics: EpochSummary) -> None:
        """Add the row of an epoch, counted from 0."""
        self._write([*self._read(), metrics.cells(epoch, self._fold)])

    def _read(self) -> list[list[str]]:
        if not self.path.is_file():
            return []
        with self.path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[1:]

    def _write(self, rows: list[list[str]]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([self._header, *rows])
        with atomic_write(self.path) as temporary:
            temporary.write_text(text.getvalue(), encoding="utf-8", newline="\n")


def _decimal(number: float) -> str:
    """Return six decimals; a missing number is an empty cell."""
    return "" if math.isnan(number) else f"{number:.6f}"
