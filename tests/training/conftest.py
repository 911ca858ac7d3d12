"""What do the tests of the training share? A small data set and the fields of a small network."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from innereye.configs.stages.train import TrainSettings
from innereye.data.dataset import Subject, read_dataset, read_subjects
from innereye.io.files import write_table
from phantoms import CHANNELS, MASK, STRUCTURES, write_dataset

TRAIN_SUBJECTS = ["1", "2", "3", "10"]
VAL_SUBJECTS = ["4", "5"]
SMALL_NETWORK = {
    "image_channels": list(CHANNELS),
    "ground_truth_ids": list(STRUCTURES),
    "mask_id": MASK,
    "level": 50,
    "window": 200,
    "architecture": "UNet3D",
    "feature_channels": [2],
    "num_downsampling_paths": 1,
    "crop_size": (8, 12, 12),
    "train_batch_size": 2,
    "num_epochs": 2,
    "l_rate": 1e-2,
    "random_rotation_degrees": (10, 10, 10),
    "random_noise_std": 0.1,
    "num_dataload_workers": 0,
    # One thread: the machine may be busy, and threads of torch wait for each other by spinning.
    "num_cpu_threads": 1,
    "max_num_gpus": 0,
}


@pytest.fixture(scope="session")
def processes(repository: Path) -> Iterator[ForkServerContext]:
    """Return a context whose processes have the library imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["innereye.training.train"])
    with pytest.MonkeyPatch.context() as patch:
        folders = [str(repository / "scripts"), str(repository / "tests")]
        patch.setenv("PYTHONPATH", os.pathsep.join(folders))
        yield context


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data set with train.csv, val.csv and none.csv (no subject) beside its dataset.csv."""
    folder = tmp_path_factory.mktemp("data")
    frame = read_dataset(write_dataset(folder, [*TRAIN_SUBJECTS, *VAL_SUBJECTS]))
    for name, subjects in (("train", TRAIN_SUBJECTS), ("val", VAL_SUBJECTS), ("none", [])):
        write_table(folder / f"{name}.csv", frame[frame["subject"].isin(subjects)])
    return folder


@pytest.fixture(scope="session")
def subjects(data_folder: Path) -> list[Subject]:
    """Return the training subjects."""
    return read_subjects(
        read_dataset(data_folder / "train.csv"),
        root=data_folder,
        image_channels=CHANNELS,
        ground_truth_ids=STRUCTURES,
        mask_id=MASK,
    )


@pytest.fixture(scope="session")
def training(data_folder: Path) -> Callable[..., dict[str, Any]]:
    """Return the arguments of a training in a folder, with fields changed."""

    def arguments(run_folder: Path, *, val: str = "val", **fields: Any) -> dict[str, Any]:
        return {
            "train_csv": data_folder / "train.csv",
            "val_csv": data_folder / f"{val}.csv",
            "run_folder": run_folder,
            "log_folder": run_folder / "logs",
            "fold": -1,
            "settings": TrainSettings(**{**SMALL_NETWORK, "local_dataset": data_folder, **fields}),
            "fingerprint": "one",
        }

    return arguments
