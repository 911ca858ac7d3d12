"""How are the epochs run? The parts of a training put together, from its last finished epoch on."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from innereye.configs.stages.training_fields import TrainingFields
from innereye.names import Split
from innereye.training.compiled import compile_network
from innereye.training.device import computing_with, make_trainer, quiet_lightning
from innereye.training.epoch_end import EpochEnd, KeptEpochs
from innereye.training.epoch_metrics import EpochMetricsTable
from innereye.training.epoch_stream import EpochBatches, EpochStream
from innereye.training.processes import Processes
from innereye.training.random_draws import Draws
from innereye.training.recovery import Recovery, resume_points
from innereye.training.recovery_copy import RecoveryCopy
from innereye.training.settings_slice import arguments_for
from innereye.training.task import Task
from innereye.training.training_module import TrainingModule
from innereye.training.warm_start import Start
from innereye.training.watching import Watching

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingRun:
    """What a training works on."""

    recovery: Recovery
    copy: RecoveryCopy | None
    task: Task
    fold: int
    settings: TrainingFields
    log_folder: Path
    start: Start
    processes: Processes

    @property
    def draws(self) -> Draws:
        """The random draws."""
        return Draws(self.settings.random_seed, self.fold)

    @property
    def kept(self) -> KeptEpochs:
        """The epochs that leave a checkpoint."""
        epochs, autosave_every = self.settings.num_epochs, self.settings.autosave_every_n_val_epochs
        return KeptEpochs(epochs, self.settings.test_epochs or [epochs], autosave_every)

    def finish(self) -> None:
        """Train the epochs that are not finished yet."""
        with computing_with(self.settings.num_cpu_threads):
            self._finish()

    def _finish(self) -> None:
        tables = self._tables()
        start = self._last_point_of_all(tables)
        if self.processes.place.leads_node:
            for table in tables.values():
                table.keep(start.epoch)
        if start.epoch:
            logger.info("Continuing after epoch %d of %d.", start.epoch, self.kept.num_epochs)
        if start.epoch < self.kept.num_epochs:
            with self.processes.claimed_device(self.settings.max_num_gpus) as device:
                self._fit(start, tables, device)

    def _last_point_of_all(self, tables: Mapping[Split, EpochMetricsTable]) -> Start:
        """Return the last point from which all processes can continue; nodes may differ in theirs."""
        in_use = [tables[split] for split, members in self.task.subjects.items() if members]
        counted = min(table.count_epochs() for table in in_use)
        found = resume_points(self.recovery, self.kept.test_epochs, counted)
        points = {self.start.epoch: self.start.checkpoint, **found}
        epoch = max(set.intersection(*map(set, self.processes.gathered(list(points)))))
        return Start(epoch, points[epoch])

    def _fit(
        self, start: Start, tables: Mapping[Split, EpochMetricsTable], device: torch.device
    ) -> None:
        on_gpu = device.type == "cuda"
        epochs = range(start.epoch, self.kept.num_epochs)
        module = self.task.make_module(self.processes)
        if self.settings.use_torch_compile:
            compile_network(module.model, device)
        stream, val_stream = self._train_stream(epochs, on_gpu=on_gpu), self._val_stream(epochs)
        self._log_start(module, steps=len(stream), on_gpu=on_gpu)
        books = EpochEnd(
            recovery=self.recovery,
            tables=tables,
            kept=self.kept,
            stream=stream,
            named=self.task.numbers,
            processes=self.processes,
            copy=self.copy,
        )
        watching = self._watching(module, val_stream)
        with quiet_lightning(), watching.load(device):
            trainer = make_trainer(
                **arguments_for(make_trainer, self.settings),
                device=device,
                log_folder=self.log_folder,
                callbacks=[books, *watching.callbacks],
                profiler=watching.profiler,
                place=self.processes.place,
            )
            # Lightning restores weights, optimiser and loss scale from the file. Its own counters
            # are not in there (see checkpoint_file): the epoch is all that they need to say.
            counters = ("ready", "started", "processed", "completed")
            trainer.fit_loop.epoch_progress.current.load_state_dict(
                dict.fromkeys(counters, start.epoch)
            )
            trainer.fit(module, stream, val_stream, ckpt_path=start.checkpoint)

    def _watching(self, module: TrainingModule, val: EpochStream | None) -> Watching:
        """Return what is noted of the training."""
        watching = Watching(
            self.log_folder,
            val_stream=val,
            is_noted=self.processes.place.leads_all,
            **arguments_for(Watching, self.settings),
        )
        watching.write_summary(module)
        return watching

    def _tables(self) -> dict[Split, EpochMetricsTable]:
        return {
            split: EpochMetricsTable(
                self.recovery.epoch_metrics(split),
                self.task.header(split),
                fold=self.fold,
                first_epoch=self.start.epoch,
                every=1 if split is Split.TRAIN else self.settings.pl_check_val_every_n_epoch,
            )
            for split in (Split.TRAIN, Split.VAL)
        }

    def _train_stream(self, epochs: range, *, on_gpu: bool) -> EpochStream:
        settings, task = self.settings, self.task
        is_drawn = settings.shuffle or task.chances is not None
        batches = EpochBatches(
            task.lengths[Split.TRAIN],
            epochs=epochs,
            batch_size=settings.train_batch_size,
            drop_last=settings.drop_last_batch_in_training,
            limit=settings.pl_limit_train_batches,
            shuffled_by=self.draws if is_drawn else None,
            chances=task.chances,
            place=self.processes.place,
        )
        return EpochStream(
            task.datasets[Split.TRAIN],
            batches,
            collate_fn=task.collate,
            num_workers=settings.num_dataload_workers,
            pin_memory=on_gpu and settings.pin_memory,
            start_method=settings.multiprocessing_start_method,
        )

    def _val_stream(self, epochs: range) -> EpochStream | None:
        """Return the samples of Val, read in this process: the next epoch's workers are busy."""
        settings, task = self.settings, self.task
        if not task.subjects[Split.VAL]:
            return None
        every = settings.pl_check_val_every_n_epoch
        validated = [epoch for epoch in epochs if (epoch + 1) % every == 0]
        batches = EpochBatches(
            task.lengths[Split.VAL],
            # Without any, a look at Val before the training begins still takes the first one.
            epochs=validated or epochs,
            batch_size=settings.train_batch_size,
            limit=settings.pl_limit_val_batches,
            place=self.processes.place,
        )
        return EpochStream(
            task.datasets[Split.VAL],
            batches,
            collate_fn=task.collate,
            num_workers=0,
            pin_memory=False,
        )

    def _log_start(self, module: TrainingModule, *, steps: int, on_gpu: bool) -> None:
        threads, size = self.settings.num_cpu_threads, self.processes.place.size
        device = "GPU" if on_gpu else "CPU"
        one = "a GPU" if on_gpu else f"the CPU (threads: {threads})"
        logger.info(
            "Training a %s with %s weights on %s: %d subjects, %d steps of %d %s an epoch; "
            "%d subjects for validation.",
            self.task.network,
            f"{sum(weights.numel() for weights in module.parameters()):,}",
            one if size == 1 else f"{size} {device}s together",
            self.task.subjects[Split.TRAIN],
            steps,
            self.settings.train_batch_size * size,
            self.task.units,
            self.task.subjects[Split.VAL],
        )
