"""What do all trainings do in a step and between steps, whatever the network learns?"""

import math
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from innereye.training.averaged_weights import AveragedWeights, restore_trained
from innereye.training.epoch_metrics import EpochSummary
from innereye.training.processes import Processes

NETWORK_PREFIX = "model."
# Looking at a number that lies on a GPU stops the queue of work for it, so it is done now and then.
STEPS_BETWEEN_LOOKS_ON_GPU = 50


class Sums(Protocol):
    """What is counted of the epoch that is running."""

    def result(
        self, learning_rate: float | None = None, *, processes: Processes | None = None
    ) -> EpochSummary:
        """Return what the epoch came to, of all processes together."""
        ...


class TrainingModule(pl.LightningModule):
    """A network, its optimiser, and the sums of the epoch that is running.

    Who inherits from it says what a step of training and one of validation are, and what is counted
    (`new_sums`, `subjects_word`).

    Args:
        make_optimizer: maps the weights to their optimiser.
        learning_rate: maps the epoch, counted from 0, to its rate.
        gradient_clip_norm: largest norm of all gradients together; None for any.
        ema_decay: share that a moving average of the weights keeps in a step; None for no average.
        processes: those that train the network together.
    """

    train_metrics: Sums
    val_metrics: Sums | None
    subjects_word = "crops of the subjects"

    def __init__(
        self,
        model: nn.Module,
        *,
        make_optimizer: Callable[[Iterator[nn.Parameter]], Optimizer],
        learning_rate: Callable[[int], float],
        gradient_clip_norm: float | None = None,
        ema_decay: float | None = None,
        processes: Processes | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.learning_rate = learning_rate
        self._make_optimizer = make_optimizer
        self._gradient_clip_norm = gradient_clip_norm
        self._averaged = AveragedWeights(ema_decay) if ema_decay is not None else None
        self._processes = processes or Processes()
        self._unseen: list[tuple[int, Tensor, tuple[str, ...]]] = []

    def new_sums(self) -> Sums:
        """Return sums of nothing, on the device of the network."""
        raise NotImplementedError

    def handed_over(self, *inputs: Tensor | None) -> Any:
        """Return what the weights give that are handed over: the averaged ones, where there are any."""
        if self._averaged is None:
            return self.model(*inputs)
        return self._averaged.output(self.model, *inputs)

    def note_loss(self, batch_idx: int, loss: Tensor, subjects: tuple[str, ...]) -> None:
        """Remember the loss of a step, and look at it soon."""
        self._unseen.append((batch_idx, loss.detach(), subjects))
        if self.device.type == "cpu" or len(self._unseen) >= STEPS_BETWEEN_LOOKS_ON_GPU:
            self.require_finite_losses()

    def configure_optimizers(self) -> Optimizer:
        """Return the optimiser; its learning rate is set at the start of each epoch."""
        return self._make_optimizer(self.model.parameters())

    def on_train_epoch_start(self) -> None:
        """Set the learning rate of the epoch."""
        self.train_metrics = self.new_sums()
        self.val_metrics = None
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = self.learning_rate(self.current_epoch)

    def on_validation_epoch_start(self) -> None:
        """Start new sums."""
        self.val_metrics = self.new_sums()

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

    def on_train_batch_end(self, outputs: Any, batch: Any, batch_idx: int) -> None:
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
                    f"with {self.subjects_word} {', '.join(subjects)}. Try a smaller l_rate, turn "
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
