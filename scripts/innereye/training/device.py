"""On what does the training run, and how is Lightning told so?"""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from lightning_fabric.utilities.rank_zero import rank_zero_only
from pytorch_lightning.callbacks import ProgressBar
from pytorch_lightning.loggers import TensorBoardLogger
from pytorch_lightning.profilers import Profiler

from innereye.training.checkpoint_file import DeterministicCheckpointIO
from innereye.training.place import Place
from innereye.training.strategy import EveryNodeWrites, KnownPlace

logger = logging.getLogger(__name__)


def make_trainer(
    *,
    device: torch.device,
    use_mixed_precision: bool,
    use_mixed_precision_on_cpu: bool,
    pl_deterministic: bool,
    pl_check_val_every_n_epoch: int,
    pl_num_sanity_val_steps: int,
    pl_find_unused_parameters: bool,
    detect_anomaly: bool,
    num_epochs: int,
    log_folder: Path,
    callbacks: Sequence[pl.Callback],
    profiler: Profiler | None,
    place: Place,
) -> pl.Trainer:
    """Return a Lightning trainer of this process, without checkpoints of its own."""
    # Lightning takes it from the variables of a cluster; only rank 0 writes events.
    rank_zero_only.rank = place.rank  # pyright: ignore[reportFunctionMemberAccess]
    on_gpu = device.type == "cuda"
    is_mixed = use_mixed_precision if on_gpu else use_mixed_precision_on_cpu
    return pl.Trainer(
        accelerator="gpu" if on_gpu else "cpu",
        precision=("16-mixed" if on_gpu else "bf16-mixed") if is_mixed else "32-true",
        max_epochs=num_epochs,
        deterministic=pl_deterministic or not on_gpu,
        benchmark=on_gpu and not pl_deterministic,
        detect_anomaly=detect_anomaly,
        profiler=profiler,
        logger=_events(log_folder) if place.leads_all else False,
        callbacks=list(callbacks),
        plugins=_plugins(place),
        check_val_every_n_epoch=pl_check_val_every_n_epoch,
        num_sanity_val_steps=pl_num_sanity_val_steps,
        enable_checkpointing=False,
        enable_progress_bar=any(isinstance(each, ProgressBar) for each in callbacks),
        enable_model_summary=False,
        **_shared(place, on_gpu=on_gpu, find_unused_parameters=pl_find_unused_parameters),
        devices=[device.index or 0] if on_gpu and place.size == 1 else place.per_node,
    )


def _plugins(place: Place) -> list[Any]:
    # What a cluster's variables say of other processes does not count.
    return [DeterministicCheckpointIO(), KnownPlace(place)]


def _events(log_folder: Path) -> TensorBoardLogger:
    return TensorBoardLogger(log_folder, name="Lightning", version="")


def _shared(place: Place, *, on_gpu: bool, find_unused_parameters: bool) -> dict[str, Any]:
    """Return the arguments of a trainer that shares the work with others; none for one alone."""
    if place.size == 1:
        return {}
    return {
        "num_nodes": place.num_nodes,
        "strategy": EveryNodeWrites(find_unused_parameters=find_unused_parameters),
        "use_distributed_sampler": False,
        # A CPU has no such layers: each process takes the statistics of its own crops there.
        "sync_batchnorm": on_gpu,
    }


@contextmanager
def quiet_lightning() -> Iterator[None]:
    """Keep back Lightning's tips, and warnings about what is done here on purpose."""
    lightning = [logging.getLogger(name) for name in ("pytorch_lightning", "lightning_fabric")]
    levels = [each.level for each in lightning]
    try:
        for each in lightning:
            each.setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"pytorch_lightning|lightning_fabric")
            yield
    finally:
        for each, level in zip(lightning, levels, strict=True):
            each.setLevel(level)


@contextmanager
def computing_with(num_cpu_threads: int) -> Iterator[None]:
    """Use this number of threads, and leave torch's settings of the process as they were."""
    threads = torch.get_num_threads()
    is_deterministic = torch.are_deterministic_algorithms_enabled()
    try:
        torch.set_num_threads(num_cpu_threads)
        # Filling fresh memory with NaN finds bugs of kernels; it costs time and changes no result.
        with _attribute(torch.utils.deterministic, "fill_uninitialized_memory", value=False):
            yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(is_deterministic)


@contextmanager
def _attribute(owner: object, name: str, *, value: object) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
