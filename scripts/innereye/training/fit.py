"""How are the epochs run? The parts of a training put together, from its last finished epoch on."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from innereye.configs.stages.train import TrainSettings
from innereye.losses.build import build_loss
from innereye.models.build import build_model
from innereye.models.device import claimed_device
from innereye.names import Split
from innereye.training.augmentation import Augmentation
from innereye.training.crop_dataset import CropDataset
from innereye.training.crop_store import StoredSubject
from innereye.training.device import make_trainer, quiet_lightning
from innereye.training.epoch_end import EpochEnd, KeptEpochs
from innereye.training.epoch_metrics import EpochMetricsTable
from innereye.training.epoch_stream import EpochBatches, EpochStream
from innereye.training.lightning_module import SegmentationTraining
from innereye.training.optimizers import build_optimizer
from innereye.training.random_draws import Draws
from innereye.training.recovery import Recovery, find_resume_point
from innereye.training.schedule import learning_rate
from innereye.training.settings_slice import arguments_for

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingRun:
    """What a training works on."""

    recovery: Recovery
    subjects: Mapping[Split, Sequence[StoredSubject]]
    draws: Draws
    kept: KeptEpochs
    settings: TrainSettings
    log_folder: Path

    def finish(self) -> None:
        """Train the epochs that are not finished yet."""
        tables = self._tables()
        in_use = [tables[split] for split, members in self.subjects.items() if members]
        counted = min(table.count_epochs() for table in in_use)
        resume = find_resume_point(self.recovery, self.kept.test_epochs, counted)
        finished, checkpoint = resume or (0, None)
        for table in tables.values():
            table.keep(finished)
        if finished:
            logger.info("Continuing after epoch %d of %d.", finished, self.kept.num_epochs)
        if finished < self.kept.num_epochs:
            with claimed_device(self.settings.max_num_gpus) as device:
                self._fit(finished, checkpoint, tables, device)

    def _fit(
        self,
        finished: int,
        checkpoint: Path | None,
        tables: Mapping[Split, EpochMetricsTable],
        device: torch.device,
    ) -> None:
        on_gpu = device.type == "cuda"
        epochs = range(finished, self.kept.num_epochs)
        module = self._module()
        stream = self._train_stream(epochs, on_gpu=on_gpu)
        self._log_start(module, steps=len(stream), on_gpu=on_gpu)
        books = EpochEnd(
            recovery=self.recovery,
            tables=tables,
            kept=self.kept,
            stream=stream,
            structures=self.settings.ground_truth_ids,
        )
        with quiet_lightning():
            trainer = make_trainer(
                device=device,
                use_mixed_precision=self.settings.use_mixed_precision,
                use_mixed_precision_on_cpu=self.settings.use_mixed_precision_on_cpu,
                num_epochs=self.kept.num_epochs,
                log_folder=self.log_folder,
                callback=books,
            )
            # Lightning restores weights, optimiser and loss scale from the file. Its own counters
            # are not in there (see checkpoint_file): the epoch is all that they need to say.
            counters = ("ready", "started", "processed", "completed")
            trainer.fit_loop.epoch_progress.current.load_state_dict(
                dict.fromkeys(counters, finished)
            )
            trainer.fit(module, stream, self._val_stream(epochs), ckpt_path=checkpoint)

    def _tables(self) -> dict[Split, EpochMetricsTable]:
        return {
            split: EpochMetricsTable(
                self.recovery.epoch_metrics(split),
                self.settings.ground_truth_ids,
                fold=self.draws.fold,
                with_learning_rate=split is Split.TRAIN,
            )
            for split in (Split.TRAIN, Split.VAL)
        }

    def _module(self) -> SegmentationTraining:
        settings = self.settings
        model = build_model(
            **arguments_for(build_model, settings),
            input_channels=len(settings.image_channels),
            num_classes=1 + len(settings.ground_truth_ids),
            seed=self.draws.weights_seed,
        )
        return SegmentationTraining(
            model,
            num_structures=len(settings.ground_truth_ids),
            loss=build_loss(**arguments_for(build_loss, settings)),
            augmentation=self._augmentation(),
            make_optimizer=partial(build_optimizer, **arguments_for(build_optimizer, settings)),
            learning_rate=partial(learning_rate, **arguments_for(learning_rate, settings)),
        )

    def _augmentation(self) -> Augmentation:
        return Augmentation(**arguments_for(Augmentation, self.settings))

    def _train_stream(self, epochs: range, *, on_gpu: bool) -> EpochStream:
        settings = self.settings
        dataset = CropDataset(
            self.subjects[Split.TRAIN],
            crop_size=settings.crop_size,
            class_weights=settings.class_weights,
            draws=self.draws,
            crops_per_subject=settings.crops_per_subject,
            augmentation=self._augmentation(),
        )
        batches = EpochBatches(
            len(dataset),
            epochs=epochs,
            batch_size=settings.train_batch_size,
            drop_last=settings.drop_last_batch_in_training,
            shuffled_by=self.draws if settings.shuffle else None,
        )
        workers = settings.num_dataload_workers
        return EpochStream(dataset, batches, num_workers=workers, pin_memory=on_gpu)

    def _val_stream(self, epochs: range) -> EpochStream | None:
        """Return one crop of each subject, cut in this process: the next epoch's workers are busy."""
        settings = self.settings
        if not self.subjects[Split.VAL]:
            return None
        dataset = CropDataset(
            self.subjects[Split.VAL],
            crop_size=settings.crop_size,
            class_weights=settings.class_weights,
            draws=self.draws,
        )
        batches = EpochBatches(len(dataset), epochs=epochs, batch_size=settings.train_batch_size)
        return EpochStream(dataset, batches, num_workers=0, pin_memory=False)

    def _log_start(self, module: SegmentationTraining, *, steps: int, on_gpu: bool) -> None:
        threads = self.settings.num_cpu_threads
        logger.info(
            "Training a %s with %s weights on %s: %d subjects, %d steps of %d crops an epoch; "
            "%d subjects for validation.",
            self.settings.architecture,
            f"{sum(weights.numel() for weights in module.parameters()):,}",
            "a GPU" if on_gpu else f"the CPU (threads: {threads})",
            len(self.subjects[Split.TRAIN]),
            steps,
            self.settings.train_batch_size,
            len(self.subjects[Split.VAL]),
        )
