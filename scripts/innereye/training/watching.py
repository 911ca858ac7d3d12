"""What is noted while a network trains: its layers, its times, and the load of the machine?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import DeviceStatsMonitor, TQDMProgressBar
from pytorch_lightning.profilers import (
    AdvancedProfiler,
    Profiler,
    PyTorchProfiler,
    SimpleProfiler,
)
from pytorch_lightning.utilities.model_summary.model_summary import ModelSummary

from innereye import names
from innereye.training.epoch_stream import EpochStream
from innereye.training.resource_usage import ResourceUsage

SUMMARIES = "model_summaries"
SUMMARY_TXT = "model_log001.txt"
USAGE_CSV = "aggregate_resource_usage.csv"
PROFILE = "profile"  # Lightning calls the files fit-profile.txt and so on


@dataclass(frozen=True)
class Watching:
    """Who watches a training, and where the notes go; of several processes one takes notes."""

    log_folder: Path
    val_stream: EpochStream | None
    is_noted: bool
    log_summaries_to_files: bool
    monitoring_interval_seconds: int
    monitor_gpu: bool
    pl_profiler: names.Profiler | None
    pl_progress_bar_refresh_rate: int | None

    @property
    def callbacks(self) -> list[pl.Callback]:
        """Those that Lightning tells what happens."""
        found: list[pl.Callback] = []
        if self.val_stream is not None:
            found.append(FreshAfterSanityCheck(self.val_stream))
        if self.is_noted and self.monitor_gpu:
            found.append(DeviceStatsMonitor())
        if self.is_noted and self.pl_progress_bar_refresh_rate:
            found.append(TQDMProgressBar(refresh_rate=self.pl_progress_bar_refresh_rate))
        return found

    @cached_property
    def profiler(self) -> Profiler | None:
        """Lightning's profiler, which writes into the log folder."""
        kinds: dict[names.Profiler, type[Profiler]] = {
            names.Profiler.SIMPLE: SimpleProfiler,
            names.Profiler.ADVANCED: AdvancedProfiler,
            names.Profiler.PYTORCH: PyTorchProfiler,
        }
        if self.pl_profiler is None or not self.is_noted:
            return None
        return kinds[self.pl_profiler](dirpath=self.log_folder, filename=PROFILE)

    def write_summary(self, module: pl.LightningModule) -> None:
        """Write the layers of the network, their kinds and their numbers of weights, as a text."""
        if not (self.is_noted and self.log_summaries_to_files):
            return
        folder = self.log_folder / SUMMARIES
        folder.mkdir(parents=True, exist_ok=True)
        text = str(ModelSummary(module, max_depth=-1))
        (folder / SUMMARY_TXT).write_text(f"{text}\n", encoding="utf-8")

    @contextmanager
    def load(self, device: torch.device) -> Iterator[None]:
        """Look at the load of the machine now and then, and write means and maxima at the end."""
        if not self.is_noted or self.monitoring_interval_seconds <= 0:
            yield
            return
        usage = ResourceUsage(device, interval_s=self.monitoring_interval_seconds)
        try:
            with usage:
                yield
        finally:
            usage.write(self.log_folder / USAGE_CSV)


class FreshAfterSanityCheck(pl.Callback):
    """Lets the first validation begin where Lightning's look before the training began, too."""

    def __init__(self, stream: EpochStream) -> None:
        self._stream = stream

    def on_sanity_check_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Forget the batches of the look."""
        del trainer, pl_module
        self._stream.begin_anew()
