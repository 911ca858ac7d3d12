"""Which scores does a split have? metrics.csv, joined by surface_metrics.csv."""

from pathlib import Path

import pandas as pd

from innereye.metrics.metrics_csv import read_metrics
from innereye.names import METRICS_CSV, PATIENT, STRUCTURE, SURFACE_METRICS_CSV


def read_scores(folder: Path) -> pd.DataFrame:
    """Return the scores in the folder of a split: metrics.csv, and surface_metrics.csv if there.

    Raises:
        InnerEyeError: a file is missing or is not a table of metrics.
    """
    metrics = read_metrics(folder / METRICS_CSV)
    surface_csv = folder / SURFACE_METRICS_CSV
    if not surface_csv.is_file():
        return metrics
    return metrics.merge(read_metrics(surface_csv), on=[PATIENT, STRUCTURE], how="left")
