"""How good are the outputs of an epoch? Collected where the network runs, judged when it ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from innereye.metrics.scalar.binary import BinaryMetrics, binary_metrics
from innereye.metrics.scalar.epoch_row import epoch_row
from innereye.metrics.scalar.regression import RegressionMetrics, regression_metrics
from innereye.training.processes import Processes


@dataclass(frozen=True)
class ItemMetrics:
    """The numbers of an epoch: mean loss over its items, and the metrics of each target."""

    loss: float
    subject_count: int
    metrics: dict[str, BinaryMetrics] | dict[str, RegressionMetrics]
    learning_rate: float | None = None

    @property
    def headline(self) -> str:
        """The area under the ROC curve, or R2: the mean over the targets that have one."""
        values = [
            each.area_under_roc_curve if isinstance(each, BinaryMetrics) else each.r2
            for each in self.metrics.values()
        ]
        known = [value for value in values if not np.isnan(value)]
        name = "AUC" if isinstance(next(iter(self.metrics.values())), BinaryMetrics) else "R2"
        return f"{name} {np.mean(known):.3f}" if known else f"no {name}"

    def cells(self, epoch: int, fold: int) -> list[str]:
        """Return the row of an epoch, counted from 0, in the order of `epoch_columns`."""
        row = epoch_row(
            self.metrics,
            loss=self.loss,
            subject_count=self.subject_count,
            epoch=epoch,
            fold=fold,
            learning_rate=self.learning_rate,
        )
        return list(row.values())


class OutputSums:
    """The outputs of the items of an epoch that were seen so far.

    Args:
        to_results: maps outputs (B, T) to what files hold: posteriors, or values.
    """

    def __init__(
        self,
        targets: Sequence[str],
        *,
        is_classification: bool,
        to_results: Callable[[Tensor], Tensor],
        has_logits: bool,
    ) -> None:
        self._targets = targets
        self._is_classification = is_classification
        self._to_results = to_results
        self._has_logits = has_logits
        self._batches: list[tuple[Tensor, Tensor, Tensor]] = []

    @torch.no_grad()
    def add(self, loss: Tensor, outputs: Tensor, labels: Tensor) -> None:
        """Count a batch: its mean loss, outputs and labels, (B, T) each."""
        self._batches.append((loss.detach().double(), outputs.detach().float(), labels))

    def result(
        self, learning_rate: float | None = None, *, processes: Processes | None = None
    ) -> ItemMetrics:
        """Return the metrics of all items counted so far, by all processes together."""
        number = len(self._targets)
        outputs = [out.cpu() for _, out, _ in self._batches] or [torch.zeros(0, number)]
        labels = [label.cpu() for _, _, label in self._batches] or [torch.zeros(0, number)]
        losses = [(float(loss), len(out)) for loss, out, _ in self._batches]
        mine = (torch.cat(outputs).numpy(), torch.cat(labels).numpy(), losses)
        parts = [mine] if processes is None else processes.gathered(mine)
        all_outputs, all_labels = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        pairs = [pair for part in parts for pair in part[2]]
        count = sum(items for _, items in pairs)
        total = sum(loss * items for loss, items in pairs)
        return ItemMetrics(
            loss=total / count if count else float("nan"),
            subject_count=count,
            metrics=self._metrics(all_outputs, all_labels),
            learning_rate=learning_rate,
        )

    def _metrics(
        self, outputs: np.ndarray, labels: np.ndarray
    ) -> dict[str, BinaryMetrics] | dict[str, RegressionMetrics]:
        results = self._to_results(torch.from_numpy(outputs)).numpy()
        if not self._is_classification:
            columns = zip(self._targets, labels.T, results.T, strict=True)
            return {name: regression_metrics(truth, found) for name, truth, found in columns}
        return {
            name: binary_metrics(
                labels[:, index],
                results[:, index],
                logits=outputs[:, index] if self._has_logits else None,
            )
            for index, name in enumerate(self._targets)
        }


def named_item_metrics(summary: ItemMetrics) -> dict[str, float]:
    """Return the numbers of an epoch by the names of the columns of epoch_metrics.csv."""
    several = len(summary.metrics) > 1
    return {
        "loss": summary.loss,
        "subject_count": float(summary.subject_count),
        **{
            f"{name}/{target}" if several else name: float(value)
            for target, metrics in summary.metrics.items()
            for name, value in vars(metrics).items()
            if name != "subject_count"
        },
    }
