"""What does one step of training or validation do?"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from innereye.losses.absent_structures import without_absent
from innereye.losses.deep_supervision import Levels, full_resolution, loss_of_levels
from innereye.training.augmentation import Augmentation
from innereye.training.averaged_weights import AveragedWeights, restore_trained
from innereye.training.crop_batch import CropBatch, middle, one_hot
from innereye.training.crop_metrics import CropMetrics
from innereye.training.processes import Processes
from innereye.transforms.warp import Volumes

NETWORK_PREFIX = "model."
# Looking at a number that lies on a GPU stops the queue of work for it, so it is done now and then.
STEPS_BETWEEN_LOOKS_ON_GPU = 50


class SegmentationTraining(pl.LightningModule):
    """A network, its loss, and the sums of the epoch that is running.

    Args:
        loss: maps logits and one-hot target, both (B, K, Z, Y, X), to a scalar.
        make_optimizer: maps the weights to their optimiser.
        learning_rate: maps the epoch, counted from 0, to its rate.
        center_size: the middle (Z, Y, X) of a crop that the loss sees; None for the whole output.
        gradient_clip_norm: largest norm of all gradients together; None for any.
        ema_decay: share that a moving average of the weights keeps in a step; None for no average.
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
        center_size: Sequence[int] | None = None,
        gradient_clip_norm: float | None = None,
        ema_decay: float | None = None,
        processes: Processes | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.learning_rate = learning_rate
        self._num_structures = num_structures
        self._loss = loss
        self._augmentation = augmentation
        self._make_optimizer = make_optimizer
        self._center_size = center_size
        self._gradient_clip_norm = gradient_clip_norm
        self._averaged = AveragedWeights(ema_decay) if ema_decay is not None else None
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
        volumes = Volumes(batch.images, one_hot(batch.labels), batch.masks)
        if batch.changes is not None:
            volumes = self._augmentation.apply(
                volumes, changes=batch.changes, spacings_zyx_mm=batch.spacings_zyx_mm
            )
        target = volumes.labels
        if not batch.weight:
            # Crops that stand in have voxels of no class, so that they count in no class weight.
            target = torch.zeros_like(target)
        return replace(batch, images=volumes.images, labels=target, masks=volumes.masks)

    def training_step(self, batch: CropBatch, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        output, batch = self._within_centre(self.model(batch.images), batch)
        known = without_absent(output, batch.has_structure)
        loss = loss_of_levels(self._loss, known, batch.labels)
        self._unseen.append((batch_idx, loss.detach(), batch.subjects))
        if self.device.type == "cpu" or len(self._unseen) >= STEPS_BETWEEN_LOOKS_ON_GPU:
            self.require_finite_losses()
        if batch.weight:
            logits = full_resolution(output).detach().float()
            labels, has_structure = batch.labels[:, 1:], batch.has_structure
            self.train_metrics.add(loss, logits, labels, batch.masks, has_structure=has_structure)
        return loss if batch.weight == 1.0 else loss * batch.weight

    def validation_step(self, batch: CropBatch, batch_idx: int) -> None:
        """Count a batch; as in InnerEye, the mask does not cut the prediction here.

        What is looked at are the averaged weights, where there are any: they are handed over.
        """
        del batch_idx
        given = (
            self.model(batch.images)
            if self._averaged is None
            else self._averaged.output(self.model, batch.images)
        )
        output, batch = self._within_centre(given, batch)
        logits = full_resolution(output).float()
        known = full_resolution(without_absent(logits, batch.has_structure))
        loss = self._loss(known, batch.labels)
        if self.val_metrics is not None and batch.weight:
            labels, has_structure = batch.labels[:, 1:], batch.has_structure
            self.val_metrics.add(loss, logits, labels, has_structure=has_structure)

    def _within_centre(self, output: Levels, batch: CropBatch) -> tuple[Levels, CropBatch]:
        """Return the output and the batch within the part of the crops that the loss sees.

        Some networks give less than they take: labels and masks are cut to that. Only an output of
        one resolution is cut further, to `center_size`.
        """
        size = tuple(full_resolution(output).shape[2:])
        if self._center_size is not None and isinstance(output, Tensor):
            size = tuple(self._center_size)
            output = middle(output, size)
        masks = None if batch.masks is None else middle(batch.masks, size)
        return output, replace(batch, labels=middle(batch.labels, size), masks=masks)

    def configure_gradient_clipping(
        self,
        optimizer: Optimizer,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """Scale the gradients of all weights together to the largest norm, where they exceed it."""
        del gradient_clip_val, gradient_clip_algorithm
        if self._gradient_clip_norm is not None:
            self.clip_gradients(
                optimizer,
                gradient_clip_val=self._gradient_clip_norm,
                gradient_clip_algorithm="norm",
            )

    def on_train_batch_end(self, outputs: Any, batch: CropBatch, batch_idx: int) -> None:
        """Take the weights into the average."""
        del outputs, batch, batch_idx
        if self._averaged is not None:
            self._averaged.update(self.model)

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
        if self._averaged is not None:
            self._averaged.save(checkpoint, NETWORK_PREFIX)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Let the settings of this training hold; the checkpoint may be one of another training."""
        if self._averaged is not None:
            self._averaged.load(checkpoint, NETWORK_PREFIX)
        restore_trained(checkpoint)
        stated = self.configure_optimizers().param_groups
        for state in checkpoint["optimizer_states"]:
            for group, ours in zip(state["param_groups"], stated, strict=True):
                group.update({name: ours[name] for name in ours if name != "params"})
