"""What does one step of training or validation do?"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from innereye.training.augmentation import Augmentation
from innereye.training.crop_batch import CropBatch, one_hot
from innereye.training.crop_metrics import CropMetrics
from innereye.training.processes import Processes

# Looking at a number that lies on a GPU stops the queue of work for it, so it is done now and then.
STEPS_BETWEEN_LOOKS_ON_GPU = 50


class SegmentationTraining(pl.LightningModule):
    """A network, its loss, and the sums of the epoch that is running.

    Args:
        loss: maps logits and one-hot target, both (B, K, Z, Y, X), to a scalar.
        make_optimizer: maps the weights to their optimiser.
        learning_rate: maps the epoch, counted from 0, to its rate.
        processes: those that train the network together.
    """

    train_metrics: CropMetrics
    val_metrics: CropMetrics | None

    def __init__(
        self,
        model: nn.Module,
        *,
        num_structures: int,
        loss: Callable[[Tensor, Tensor], Tensor],
        augmentation: Augmentation,
        make_optimizer: Callable[[Iterator[nn.Parameter]], Optimizer],
        learning_rate: Callable[[int], float],
        processes: Processes | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.learning_rate = learning_rate
        self._num_structures = num_structures
        self._loss = loss
        self._augmentation = augmentation
        self._make_optimizer = make_optimizer
        self._processes = processes or Processes()
        self._unseen: list[tuple[int, Tensor, tuple[str, ...]]] = []

    def configure_optimizers(self) -> Optimizer:
        """Return the optimiser; its learning rate is set at the start of each epoch."""
        return self._make_optimizer(self.model.parameters())

    def on_train_epoch_start(self) -> None:
        """Set the learning rate of the epoch."""
        self.train_metrics = CropMetrics(self._num_structures, self.device)
        self.val_metrics = None
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = self.learning_rate(self.current_epoch)

    def on_validation_epoch_start(self) -> None:
        """Start new sums."""
        self.val_metrics = CropMetrics(self._num_structures, self.device)

    def on_after_batch_transfer(self, batch: CropBatch, dataloader_idx: int) -> CropBatch:
        """Return the batch with one-hot labels, background first, and changed at random."""
        del dataloader_idx
        images, target = batch.images, one_hot(batch.labels)
        if batch.changes is not None:
            images, target = self._augmentation.apply(
                images,
                target,
                changes=batch.changes,
                spacings_zyx_mm=batch.spacings_zyx_mm,
            )
        if not batch.weight:
            # Crops that stand in have voxels of no class, so that they count in no class weight.
            target = torch.zeros_like(target)
        return replace(batch, images=images, labels=target)

    def training_step(self, batch: CropBatch, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        logits = self.model(batch.images).float()
        loss = self._loss(logits, batch.labels)
        self._unseen.append((batch_idx, loss.detach(), batch.subjects))
        if self.device.type == "cpu" or len(self._unseen) >= STEPS_BETWEEN_LOOKS_ON_GPU:
            self.require_finite_losses()
        if batch.weight:
            self.train_metrics.add(loss, logits.detach(), batch.labels[:, 1:], batch.masks)
        return loss if batch.weight == 1.0 else loss * batch.weight

    def validation_step(self, batch: CropBatch, batch_idx: int) -> None:
        """Count a batch; as in InnerEye, the mask does not cut the prediction here."""
        del batch_idx
        logits = self.model(batch.images).float()
        loss = self._loss(logits, batch.labels)
        if self.val_metrics is not None and batch.weight:
            self.val_metrics.add(loss, logits, batch.labels[:, 1:])

    def require_finite_losses(self) -> None:
        """Look at the losses since the last look.

        Raises:
            InnerEyeError: one of them is not finite, in whichever process.
        """
        seen, self._unseen = self._unseen, []
        if seen:
            self._processes.raise_together(self._first_fault(seen))

    def _first_fault(self, seen: list[tuple[int, Tensor, tuple[str, ...]]]) -> str:
        """Say which of these losses is not finite; an empty text where all are."""
        values = torch.stack([loss for _, loss, _ in seen]).tolist()
        for value, (step, _, subjects) in zip(values, seen, strict=True):
            if not math.isfinite(value):
                return (
                    f"The loss became {value} in epoch {self.current_epoch + 1}, step {step + 1}, "
                    f"with crops of the subjects {', '.join(subjects)}. Try a smaller l_rate, turn "
                    "use_mixed_precision off, and look at the images of these subjects."
                )
        return ""

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Count finished epochs and their steps, as the file names do; Lightning counts from 0."""
        finished = self.current_epoch + 1
        checkpoint["epoch"] = finished
        checkpoint["global_step"] = finished * int(self.trainer.num_training_batches)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Let the settings of this training hold; the checkpoint may be one of another training."""
        stated = self.configure_optimizers().param_groups
        for state in checkpoint["optimizer_states"]:
            for group, ours in zip(state["param_groups"], stated, strict=True):
                group.update({name: ours[name] for name in ours if name != "params"})
