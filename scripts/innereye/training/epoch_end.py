"""What is written down when an epoch ends? Metrics, checkpoints, and a line of progress."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytorch_lightning as pl

from innereye.names import LAST_CHECKPOINT, Split
from innereye.training.epoch_metrics import EpochMetricsTable, EpochSummary
from innereye.training.epoch_stream import EpochStream
from innereye.training.processes import Processes
from innereye.training.progress import Progress
from innereye.training.recovery import Recovery
from innereye.training.recovery_copy import RecoveryCopy
from innereye.training.training_module import TrainingModule

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptEpochs:
    """Which epochs, counted from 1, leave a checkpoint."""

    num_epochs: int
    test_epochs: Sequence[int]
    autosave_every: int

    def checkpoints(self, recovery: Recovery, finished: int) -> list[Path]:
        """Return the files to write after an epoch; recovery checkpoints come last."""
        paths = [recovery.test_checkpoint(finished)] if finished in self.test_epochs else []
        if finished == self.num_epochs:
            return [*paths, recovery.checkpoints / LAST_CHECKPOINT]
        if self.autosave_every and finished % self.autosave_every == 0:
            paths.append(recovery.autosave(finished // self.autosave_every))
        return paths


class EpochEnd(pl.Callback):
    """Keeps the books. It has no state of its own that a continued training would miss.

    Of several processes, the first of each node writes; the first of all writes the `copy`.
    `named` gives the numbers of an epoch by the names that InnerEye logs.
    """

    def __init__(
        self,
        *,
        recovery: Recovery,
        tables: Mapping[Split, EpochMetricsTable],
        kept: KeptEpochs,
        stream: EpochStream,
        named: Callable[[EpochSummary], Mapping[str, float]],
        processes: Processes,
        copy: RecoveryCopy | None,
    ) -> None:
        self._processes = processes
        self._copy = copy if processes.place.leads_all else None
        self._recovery = recovery
        self._tables = tables
        self._kept = kept
        self._stream = stream
        self._named = named
        self._progress = Progress(kept.num_epochs)
        self._started = self._trained = 0.0

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Start the clock."""
        del trainer, pl_module
        self._started = self._trained = time.perf_counter()

    def on_train_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Note when the last step ended."""
        del trainer, pl_module, outputs, batch, batch_idx
        self._trained = time.perf_counter()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write rows, then checkpoints: a checkpoint is only of use with the rows before it.

        Raises:
            InnerEyeError: a loss was not finite; nothing of the epoch is kept.
        """
        module = pl_module
        if not isinstance(module, TrainingModule):
            raise TypeError(f"EpochEnd serves a TrainingModule; got {type(module).__name__}.")
        module.require_finite_losses()
        epoch = trainer.current_epoch
        processes = self._processes
        train = module.train_metrics.result(module.learning_rate(epoch), processes=processes)
        val = module.val_metrics.result(processes=processes) if module.val_metrics else None
        if self._processes.place.leads_node:
            self._tables[Split.TRAIN].append(epoch, train)
            if val is not None:
                self._tables[Split.VAL].append(epoch, val)
        self._save(trainer, epoch + 1)
        if self._processes.place.leads_node:
            self._log(trainer, epoch, train, val)

    def _save(self, trainer: pl.Trainer, finished: int) -> None:
        """Write the checkpoints of an epoch; all processes come here together."""
        paths = self._kept.checkpoints(self._recovery, finished)
        for path in paths:
            trainer.save_checkpoint(path)
        if paths and self._copy is not None:
            needed = self._recovery.needed(finished, self._kept.test_epochs)
            self._copy.save(self._recovery, [*needed, paths[-1]], finished=finished)

    def _log(
        self, trainer: pl.Trainer, epoch: int, train: EpochSummary, val: EpochSummary | None
    ) -> None:
        line = self._progress.line(
            epoch + 1,
            train=train,
            val=val,
            epoch_s=time.perf_counter() - self._started,
            training_s=self._trained - self._started,
            waited_s=self._stream.waited_s,
        )
        logger.info("%s", line)
        for prefix, metrics in (("train", train), ("val", val)):
            if metrics is not None and trainer.logger is not None:
                named = {f"{prefix}/{name}": value for name, value in self._named(metrics).items()}
                trainer.logger.log_metrics(named, step=epoch)
