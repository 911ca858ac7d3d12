"""What does one step of training or validation do in a classification or regression?"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from innereye.data.scalar.network_inputs import INPUTS, NetworkInputs
from innereye.training.random_draws import Draws, Stream
from innereye.training.scalar.item_batch import ItemBatch
from innereye.training.scalar.item_metrics import OutputSums
from innereye.training.training_module import TrainingModule


class ItemTraining(TrainingModule):
    """A network that gives numbers for items, and its loss.

    Args:
        loss: maps outputs and labels, both (B, T), to a scalar.
        make_sums: gives new sums for an epoch.
        inputs: what a checkpoint says of the inputs of the network.
        draws: the random draws of the training, from which those of dropout come.
        course: optimiser, learning rate and so on, as `TrainingModule` takes them.
    """

    train_metrics: OutputSums
    val_metrics: OutputSums | None
    subjects_word = "the subjects"

    def __init__(
        self,
        model: nn.Module,
        *,
        loss: Callable[[Tensor, Tensor], Tensor],
        make_sums: Callable[[], OutputSums],
        inputs: NetworkInputs,
        draws: Draws,
        **course: Any,
    ) -> None:
        super().__init__(model, **course)
        self._loss = loss
        self._make_sums = make_sums
        self._inputs = inputs
        self._draws = draws

    def new_sums(self) -> OutputSums:
        """Return sums of no items."""
        return self._make_sums()

    def training_step(self, batch: ItemBatch, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        output = self._trained_output(batch, batch_idx)
        loss = self._loss(output, batch.labels)
        self.note_loss(batch_idx, loss, batch.subjects)
        if batch.weight:
            self.train_metrics.add(loss, output, batch.labels)
        return loss if batch.weight == 1.0 else loss * batch.weight

    def validation_step(self, batch: ItemBatch, batch_idx: int) -> None:
        """Count a batch; what is looked at are the weights that are handed over."""
        del batch_idx
        output = self.handed_over(*batch.inputs)
        if self.val_metrics is not None and batch.weight:
            self.val_metrics.add(self._loss(output, batch.labels), output, batch.labels)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Say of the inputs what an inference must know."""
        super().on_save_checkpoint(checkpoint)
        checkpoint[INPUTS] = self._inputs.to_plain()

    def _trained_output(self, batch: ItemBatch, batch_idx: int) -> Tensor:
        """Return outputs (B, T); what dropout leaves out depends on seed, epoch and step alone."""
        place = self._processes.place
        generator = self._draws.generator(
            Stream.STEP, epoch=self.current_epoch, index=batch_idx * place.size + place.rank
        )
        devices = [] if self.device.type == "cpu" else [self.device]
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(int(generator.integers(2**62)))
            return self.model(*batch.inputs)
