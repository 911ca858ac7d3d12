"""What do reports of scalar models read? Results of runs that nobody trained, from seeded draws."""

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.io.files import write_table
from innereye.io.geometry import unit_geometry
from innereye.io.image import write_image
from innereye.io.picture import write_picture
from innereye.metrics.scalar.binary import binary_metrics
from innereye.metrics.scalar.epoch_row import epoch_row
from innereye.metrics.scalar.pooled_runs import all_runs_table, pool_folds, write_all_runs
from innereye.metrics.scalar.regression import regression_metrics
from innereye.metrics.scalar.result_files import write_results
from innereye.metrics.scalar.result_tables import (
    ScalarOutputs,
    inference_metrics_table,
    model_outputs_table,
)
from innereye.names import EPOCH_METRICS_CSV, SPLIT_CSV, Split, epoch_folder
from innereye.reports.markup import Html
from innereye.reports.scalar_run import ScalarRun

EPOCH = 3
IMAGE_COLUMNS = ("subject", "file", "label")


def scalar_run(folder: Path, targets: Sequence[str] = ("Default",), **changes: object) -> ScalarRun:
    """Return a run for its report; few resamples, as nobody looks at its intervals."""
    values = {"epoch": EPOCH, "reason": "", "is_classification": True, "number_shown": 4}
    return ScalarRun(folder=folder, targets=targets, **{**values, "resamples": 20, **changes})


def cells_of(html: Html) -> list[list[str]]:
    """Return the texts of all rows of all tables."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html.text, re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t", row)] for row in rows]


def classification(
    count: int, *, targets: Sequence[str] = ("Default",), seed: int = 0, prefix: str = "s"
) -> ScalarOutputs:
    """Return labels and posteriors of a classifier that is good and too sure."""
    draw = np.random.default_rng([count, seed])
    labels = (draw.uniform(size=(count, len(targets))) < 0.4).astype(np.float64)
    logits = 3 * (1.5 * (labels - 0.5) + draw.normal(size=labels.shape))
    subjects = [f"{prefix}{number}" for number in range(count)]
    return ScalarOutputs(subjects, targets, labels, 1 / (1 + np.exp(-logits)))


def regression(count: int, *, seed: int = 0, prefix: str = "s") -> ScalarOutputs:
    """Return labels and values of a regression."""
    draw = np.random.default_rng([count, seed])
    labels = draw.uniform(20, 60, (count, 1))
    outputs = labels + draw.normal(1, 5, labels.shape)
    subjects = [f"{prefix}{number}" for number in range(count)]
    return ScalarOutputs(subjects, ["Default"], labels, outputs)


def store_results(run_folder: Path, results: dict[Split, ScalarOutputs], *, fold: int = -1) -> Path:
    """Write the files of inference and the tables of the splits; return the run's folder."""
    for split, found in results.items():
        folder = run_folder / epoch_folder(EPOCH) / split
        metrics = inference_metrics_table(found, epoch=EPOCH, split=split, fold=fold)
        write_results(folder / "metrics.csv", metrics)
        write_results(folder / "model_outputs.csv", model_outputs_table(found, fold=fold))
        labels = [f"{label:g}" for label in found.labels[:, 0]]
        rows = [
            (name, f"{name}.png", label) for name, label in zip(found.subjects, labels, strict=True)
        ]
        write_table(run_folder / SPLIT_CSV[split], pd.DataFrame(rows, columns=list(IMAGE_COLUMNS)))
    return run_folder


def store_epochs(
    run_folder: Path, results: ScalarOutputs, *, is_classification: bool = True
) -> None:
    """Write Train/ and Val/epoch_metrics.csv of a training that gets better from epoch to epoch."""
    compute = binary_metrics if is_classification else regression_metrics
    for split in (Split.TRAIN, Split.VAL):
        rows = []
        for epoch in range(EPOCH):
            noise = np.random.default_rng([epoch, len(split)]).uniform(size=results.labels.shape)
            outputs = results.outputs * (epoch + 1) / EPOCH + noise * (EPOCH - epoch) / EPOCH
            metrics = {
                target: compute(results.labels[:, place], np.clip(outputs[:, place], 0, 99))
                for place, target in enumerate(results.targets)
            }
            rate = 1e-3 * 0.5**epoch if split is Split.TRAIN else None
            row = epoch_row(
                metrics,
                loss=1.0 / (epoch + 1),
                subject_count=len(results.subjects),
                epoch=epoch,
                fold=-1,
                learning_rate=rate,
            )
            rows.append(row)
        write_table(run_folder / split / EPOCH_METRICS_CSV, pd.DataFrame(rows))


def store_folds(run_folders: Sequence[Path], all_runs_csv: Path) -> None:
    """Write `MetricsAcrossAllRuns.csv` of folds whose results are stored."""
    files = {
        split: [folder / epoch_folder(EPOCH) / split / "metrics.csv" for folder in run_folders]
        for split in (Split.VAL, Split.TEST)
    }
    pooled = pool_folds(files, number_of_folds=len(run_folders))
    write_all_runs(all_runs_csv, all_runs_table(pooled))


def store_pictures(data: Path, subjects: Sequence[str]) -> None:
    """Write a small grey picture for each subject: a square whose place is drawn."""
    for subject in subjects:
        draw = np.random.default_rng([ord(letter) for letter in subject])
        pixels = draw.integers(0, 60, (24, 32)).astype(np.uint8)
        top, left = draw.integers(0, 14), draw.integers(0, 20)
        pixels[top : top + 9, left : left + 9] += 150
        write_picture(data / f"{subject}.png", pixels)


def store_volume(data: Path, name: str, *, size: tuple[int, int, int] = (12, 24, 20)) -> None:
    """Write a small volume with a bright box."""
    voxels = np.random.default_rng(len(name)).integers(0, 60, size).astype(np.int16)
    voxels[size[0] // 3 : -4, size[1] // 3 : -8, size[2] // 3 : -6] += 150
    write_image(data / name, voxels, unit_geometry(size))
