"""On what does the training run, and how is Lightning told so?"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from lightning_fabric.utilities.rank_zero import rank_zero_only
from pytorch_lightning.loggers import TensorBoardLogger

from innereye.training.checkpoint_file import DeterministicCheckpointIO
from innereye.training.place import Place
from innereye.training.strategy import EveryNodeWrites, KnownPlace

logger = logging.getLogger(__name__)


def make_trainer(
    *,
    device: torch.device,
    use_mixed_precision: bool,
    use_mixed_precision_on_cpu: bool,
    num_epochs: int,
    log_folder: Path,
    callback: pl.Callback,
    place: Place,
) -> pl.Trainer:
    """Return a Lightning trainer of this process, without progress bar and checkpoints of its own."""
    # Lightning takes it from the variables of a cluster; only rank 0 writes events.
    rank_zero_only.rank = place.rank  # pyright: ignore[reportFunctionMemberAccess]
    events = TensorBoardLogger(log_folder, name="Lightning", version="")
    on_gpu = device.type == "cuda"
    if on_gpu:
        precision = "16-mixed" if use_mixed_precision else "32-true"
    else:
        precision = "bf16-mixed" if use_mixed_precision_on_cpu else "32-true"
    return pl.Trainer(
        accelerator="gpu" if on_gpu else "cpu",
        precision=precision,
        max_epochs=num_epochs,
        deterministic=not on_gpu,
        benchmark=on_gpu,
        logger=events if place.leads_all else False,
        callbacks=[callback],
        # What a cluster's variables say of other processes does not count.
        plugins=[DeterministicCheckpointIO(), KnownPlace(place)],
        num_sanity_val_steps=0,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **_shared(place, on_gpu=on_gpu),
        devices=[device.index or 0] if on_gpu and place.size == 1 else place.per_node,
    )


def _shared(place: Place, *, on_gpu: bool) -> dict[str, Any]:
    """Return the arguments of a trainer that shares the work with others; none for one alone."""
    if place.size == 1:
        return {}
    return {
        "num_nodes": place.num_nodes,
        "strategy": EveryNodeWrites(),
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
