"""What does one step of training or validation do in a segmentation?"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from innereye.losses.absent_structures import without_absent
from innereye.losses.deep_supervision import Levels, full_resolution, loss_of_levels
from innereye.training.augmentation import Augmentation
from innereye.training.crop_batch import CropBatch, middle, one_hot
from innereye.training.crop_metrics import CropMetrics
from innereye.training.training_module import TrainingModule
from innereye.transforms.warp import Volumes


class SegmentationTraining(TrainingModule):
    """A network that segments crops, and its loss.

    Args:
        loss: maps logits and one-hot target, both (B, K, Z, Y, X), to a scalar.
        center_size: the middle (Z, Y, X) of a crop that the loss sees; None for the whole output.
        course: optimiser, learning rate and so on, as `TrainingModule` takes them.
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
        center_size: Sequence[int] | None = None,
        **course: Any,
    ) -> None:
        super().__init__(model, **course)
        self._num_structures = num_structures
        self._loss = loss
        self._augmentation = augmentation
        self._center_size = center_size

    def new_sums(self) -> CropMetrics:
        """Return sums of no crops."""
        return CropMetrics(self._num_structures, self.device)

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
        self.note_loss(batch_idx, loss, batch.subjects)
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
        output, batch = self._within_centre(self.handed_over(batch.images), batch)
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
