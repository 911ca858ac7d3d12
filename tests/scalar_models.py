"""What do the tests of trained scalar models share? A small data set of balls, and small networks."""

from pathlib import Path
from typing import Any

import pandas as pd

from innereye.configs.classification.HelloClassification import HelloClassification
from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.load import load_model
from innereye.configs.stages.classify import ClassifySettings
from innereye.configs.stages.scalar_train import ScalarTrainSettings
from innereye.data.scalar.balls import make_balls
from innereye.io.files import read_table, write_table

SUBJECTS, OF_TRAIN = 14, 10
SMALL: dict[str, Any] = {
    "initial_feature_channels": 2,
    "num_encoder_blocks": 1,
    "train_batch_size": 4,
    "num_epochs": 2,
    "num_dataload_workers": 0,
    "num_cpu_threads": 1,
    "max_num_gpus": 0,
}


def write_balls(folder: Path, *, size_zyx: tuple[int, int, int] = (12, 13, 14)) -> Path:
    """Write a data set, and train.csv, val.csv and none.csv (no subject) beside it."""
    frame = read_table(make_balls(folder, subjects=SUBJECTS, seed=2, size_zyx=size_zyx))
    parts = {"train": frame[:OF_TRAIN], "val": frame[OF_TRAIN:], "none": frame[:0]}
    for name, rows in parts.items():
        write_table(folder / f"{name}.csv", rows)
    return folder


def small_model(
    folder: Path, kind: type[ScalarModelBase] = HelloClassification, **fields: Any
) -> ScalarModelBase:
    """Return a model of small numbers on the data set of a folder."""
    model = load_model(kind, {**SMALL, "local_dataset": str(folder), **fields})
    assert isinstance(model, ScalarModelBase)
    return model


def arguments_of(model: ScalarModelBase, run_folder: Path, *, val: str = "val") -> dict[str, Any]:
    """Return the arguments of `train_items` for a model."""
    folder = Path(str(model.local_dataset))
    return {
        "train_csv": folder / "train.csv",
        "val_csv": folder / f"{val}.csv",
        "run_folder": run_folder,
        "log_folder": run_folder / "logs",
        "fold": -1,
        "settings": ScalarTrainSettings(
            **{**model.settings(ScalarTrainSettings), **model.machine()}
        ),
        "model": model,
        "fingerprint": "same",
    }


def classify_settings(model: ScalarModelBase) -> ClassifySettings:
    """Return the settings of the inference of a model."""
    return ClassifySettings(**{**model.settings(ClassifySettings), **model.machine()})


def change_table(path: Path, column: str, subject: str, value: str) -> pd.DataFrame:
    """Write another value into a cell of a table, and return the table."""
    frame = read_table(path)
    frame.loc[frame["subject"] == subject, column] = value
    write_table(path, frame)
    return frame
