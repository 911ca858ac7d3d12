"""A made-up run for the reports: tables and pictures without any training."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from innereye.names import (
    DICE,
    EPOCH_METRICS_CSV,
    HAUSDORFF,
    HAUSDORFF_95,
    MEAN_DISTANCE,
    METRICS_CSV,
    PATIENT,
    REPORT_PICTURES,
    SPLIT_CSV,
    STRUCTURE,
    SURFACE_DICE,
    SURFACE_METRICS_CSV,
    THUMBNAILS_CSV,
    Split,
    epoch_folder,
    subject_folder,
)

MakeRun = Callable[..., Path]


def scores_of(count: int, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng([count, seed])
    pairs = [(str(subject), name) for name in ("left", "right") for subject in range(1, count + 1)]
    scores = pd.DataFrame(pairs, columns=[PATIENT, STRUCTURE])
    scores[DICE] = draw.uniform(0.7, 0.95, len(pairs)).round(3)
    for metric in (HAUSDORFF, MEAN_DISTANCE, HAUSDORFF_95):
        scores[metric] = draw.uniform(1.0, 9.0, len(pairs)).round(3)
    scores[SURFACE_DICE] = draw.uniform(0.8, 1.0, len(pairs)).round(3)
    return scores


def store_scores(folder: Path, scores: pd.DataFrame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = [PATIENT, STRUCTURE, DICE, HAUSDORFF, MEAN_DISTANCE]
    scores[columns].to_csv(folder / METRICS_CSV, index=False)
    columns = [PATIENT, STRUCTURE, HAUSDORFF_95, SURFACE_DICE]
    scores[columns].to_csv(folder / SURFACE_METRICS_CSV, index=False)


def store_thumbnails(folder: Path, scores: pd.DataFrame) -> None:
    rows = []
    folder.mkdir(parents=True)
    for subject, structure in zip(scores[PATIENT], scores[STRUCTURE], strict=True):
        file = f"{subject_folder(subject)}_{structure}_slice_003.png"
        Image.new("RGB", (750, 817), (int(subject), 90, 40)).save(folder / file)
        rows.append((subject, structure, 3, file))
    index = pd.DataFrame(rows, columns=["subject", "structure", "slice", "file"])
    index.to_csv(folder / THUMBNAILS_CSV, index=False)


def store_epochs(folder: Path, epochs: int) -> None:
    for split in (Split.TRAIN, Split.VAL):
        table = pd.DataFrame({"loss": np.linspace(1.0, 0.2, epochs), "epoch": range(epochs)})
        table["Dice/AverageAcrossStructures"] = np.linspace(0.1, 0.8, epochs)
        table["Dice/left"] = np.linspace(0.1, 0.7, epochs)
        if split == Split.TRAIN:
            table["learning_rate"] = np.linspace(1e-3, 1e-5, epochs)
        (folder / split).mkdir(parents=True, exist_ok=True)
        table.to_csv(folder / split / EPOCH_METRICS_CSV, index=False)


@pytest.fixture(scope="session")
def made_up_scores() -> Callable[[int, int], pd.DataFrame]:
    """Give tables of scores: `count` subjects, two structures, all five metrics."""
    return scores_of


@pytest.fixture(scope="session")
def make_run() -> MakeRun:
    """Give a function that stores scores, thumbnails and epochs as a run of three epochs."""

    def make(folder: Path, scores: dict[Split, pd.DataFrame], *, thumbnails: bool = True) -> Path:
        store_epochs(folder, epochs=3)
        for split, table in scores.items():
            split_folder = folder / epoch_folder(3) / split
            store_scores(split_folder, table)
            if thumbnails:
                store_thumbnails(folder / REPORT_PICTURES / split, table)
            rows = pd.DataFrame({"subject": table[PATIENT].unique(), "channel": "mri"})
            rows.to_csv(folder / SPLIT_CSV[split], index=False)
        return folder

    return make
