"""How does the training go? One line per epoch that reads well in a terminal and in a log file."""

import math

from innereye.training.epoch_metrics import EpochSummary

SECONDS_PER_MINUTE = 60
MINUTES_PER_HOUR = 60


class Progress:
    """Writes the line of an epoch; knows how long epochs have taken so far."""

    def __init__(self, num_epochs: int) -> None:
        self._num_epochs = num_epochs
        self._durations_s: list[float] = []

    def line(
        self,
        finished: int,
        *,
        train: EpochSummary,
        val: EpochSummary | None,
        epoch_s: float,
        training_s: float,
        waited_s: float,
    ) -> str:
        """Return the line of the epoch that made `finished` of them full.

        epoch_s: its whole duration; training_s: that of its training steps, of which the network
        waited `waited_s` for data.
        """
        self._durations_s.append(epoch_s)
        mean_s = sum(self._durations_s) / len(self._durations_s)
        left_s = mean_s * (self._num_epochs - finished)
        width = len(str(self._num_epochs))
        losses = f"loss {train.loss:.4f} train" + (f", {val.loss:.4f} val" if val else "")
        seen = val or train
        rate = math.nan if train.learning_rate is None else train.learning_rate
        parts = [
            f"epoch {finished:{width}d}/{self._num_epochs}",
            losses,
            f"{seen.headline} {'val' if val else 'train'}",
            f"learning rate {rate:.1e}",
            f"{epoch_s:.1f} s ({waited_s / training_s:.0%} waiting for data)",
            "finished" if finished == self._num_epochs else f"{duration(left_s)} left",
        ]
        return " | ".join(parts)


def duration(seconds: float) -> str:
    """Return a time span for people: `40 s`, `12 min`, `3 h 05 min`."""
    if seconds < 2 * SECONDS_PER_MINUTE:
        return f"{seconds:.0f} s"
    minutes = round(seconds / SECONDS_PER_MINUTE)
    if minutes < 2 * MINUTES_PER_HOUR:
        return f"{minutes} min"
    return f"{minutes // MINUTES_PER_HOUR} h {minutes % MINUTES_PER_HOUR:02d} min"
