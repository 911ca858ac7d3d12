"""What is a run among others? A name, and where its scores and its data set lie."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.errors import InnerEyeError
from innereye.metrics.columns import values_of
from innereye.metrics.metrics_csv import read_metrics
from innereye.metrics.runs.nnunet_summary import read_summary
from innereye.names import DICE, METRIC_COLUMNS, PATIENT, SERIES, STRUCTURE

SUMMARY_SUFFIX = ".json"


@dataclass(frozen=True)
class RunResults:
    """The results of a run.

    `metrics`: its metrics.csv, or a summary.json of nnU-Net, for each mode that has one.
    `dataset_csv`: where series and institutions of its subjects stand; None where nobody knows.
    """

    name: str
    metrics: Mapping[str, Path]
    dataset_csv: Path | None = None

    @property
    def epoch(self) -> int | None:
        """Return the epoch whose folder holds the metrics, None if they lie in none."""
        epochs = [epoch_of(path.parent.parent) for path in self.metrics.values()]
        return epochs[0] if epochs else None


def epoch_of(folder: Path) -> int | None:
    """Return the epoch of a folder `epoch_NNN`, None for any other folder."""
    match = re.fullmatch(r"epoch_(\d{3,})", folder.name)
    return int(match[1]) if match else None


def read_run_metrics(run: RunResults, mode: str) -> pd.DataFrame:
    """Return Patient, Structure, Dice (0 to 1), both distances (mm) and seriesId of a run's rows.

    What the run does not say is NaN, or an empty text. A summary of nnU-Net has Dice and no
    distances, and each case is its own series: data sets made from Decathlon and nnU-Net folders
    keep the names of the cases there.

    Raises:
        InnerEyeError: the file cannot be read, has no Dice, has it not between 0 and 1, or has a
            pair of subject and structure twice.
    """
    path = run.metrics[mode]
    if path.suffix == SUMMARY_SUFFIX:
        metrics = read_summary(path)
        metrics[SERIES] = metrics[PATIENT]
    else:
        metrics = read_metrics(path)
        metrics[SERIES] = ""
    if DICE not in metrics:
        raise InnerEyeError(f"Run '{run.name}': {path} has no column {DICE}.")
    dice = values_of(metrics, DICE)
    if (wrong := dice[(dice < 0) | (dice > 1)]).size:
        raise InnerEyeError(
            f"Run '{run.name}': {path} holds a {DICE} of {wrong[0]:g}; scores from 0 to 1 are allowed."
        )
    if (twice := metrics[metrics.duplicated([PATIENT, STRUCTURE])]).size:
        row = twice.iloc[0]
        raise InnerEyeError(
            f"Run '{run.name}': {path} has more than one row of subject {row[PATIENT]}, "
            f"structure '{row[STRUCTURE]}'."
        )
    for metric in METRIC_COLUMNS:
        if metric not in metrics:
            metrics[metric] = np.full(len(metrics), np.nan)
    columns = (PATIENT, STRUCTURE, *METRIC_COLUMNS, SERIES)
    return pd.DataFrame({column: metrics[column] for column in columns})
