"""Which training does a job ask for? That of a segmentation, or that of a scalar model."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from innereye.configs.load_scalar import load_scalar_model
from innereye.configs.stages.scalar_train import ScalarTrainSettings
from innereye.configs.stages.train import TrainSettings
from innereye.data.check_before_reading import check_before_reading
from innereye.data.scalar.check_before_reading import check_before_classifying
from innereye.training.scalar.train import train_items
from innereye.training.train import train


def train_of_job(
    *,
    settings: str,
    machine: str,
    fingerprint: str,
    fold: int,
    train_csv: Path,
    val_csv: Path,
    log: Path,
    config: str | None,
    basedir: Path,
    **places: Any,
) -> None:
    """Train by the texts of a rule: fields of the training and of the machine, both JSON.

    With `config` the model is a scalar one, whose class is asked for its hooks. `places` are the run
    folder and the checkpoint to begin with, as `train` takes them.

    Raises:
        InnerEyeError: as `train`.
    """
    fields = {**json.loads(settings), **json.loads(machine)}
    tables = [train_csv, val_csv]
    shared = {
        "train_csv": train_csv,
        "val_csv": val_csv,
        "log_folder": log.parent,
        "fold": fold,
        "fingerprint": f"{fingerprint} {fold} {settings}",
        **places,
    }
    if config is None:
        of_segmentation = TrainSettings(**fields)
        check = partial(check_before_reading, of_segmentation, tables)
        train(settings=of_segmentation, check=check, **shared)
        return
    model = load_scalar_model(config, basedir)
    of_items = ScalarTrainSettings(**fields)
    check = partial(check_before_classifying, of_items, model, tables)
    train_items(settings=of_items, model=model, check=check, **shared)
