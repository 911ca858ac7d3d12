"""What lies in a run's folder for its report? Tables and pictures of the reported epoch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from innereye.io.files import read_table
from innereye.names import (
    REPORT_PICTURES,
    SUBJECT,
    THUMBNAILS_CSV,
    Split,
    epoch_folder,
)
from innereye.reports.epoch_tables import read_epoch_metrics
from innereye.reports.joined_scores import read_scores
from innereye.reports.run_folder import split_size


@dataclass(frozen=True)
class ReportedRun:
    """A run's folder and what its report is to say; everything that a cell of the notebook needs.

    `facts`: what heads the report beside the numbers of subjects, such as model and seeds.
    """

    folder: Path
    epoch: int
    reason: str
    outlier_range: float
    max_worst_subjects: int
    surface_dice_tolerance_mm: float
    facts: Mapping[str, str] = field(default_factory=dict)
    is_ensemble: bool = False

    def split_folder(self, split: Split) -> Path:
        """Return the folder with the results of a split in the reported epoch."""
        return self.folder / epoch_folder(self.epoch) / split

    def metrics(self, split: Split) -> pd.DataFrame:
        """Return the scores of a split: metrics.csv, joined by surface_metrics.csv where there is one."""
        return read_scores(self.split_folder(split))

    def split_size(self, split: Split) -> int | None:
        """Return the number of subjects of a split, None where the run has no table of it."""
        return split_size(self.folder, split)

    def epoch_metrics(self) -> dict[Split, pd.DataFrame]:
        """Return the course of the training; empty for an ensemble, which was not trained itself."""
        return read_epoch_metrics(self.folder)

    def thumbnails(self, split: Split) -> dict[tuple[str, str], Path]:
        """Return the pictures of the worst subjects by subject and structure; none where not drawn."""
        folder = self.folder / REPORT_PICTURES / split
        if not (folder / THUMBNAILS_CSV).is_file():
            return {}
        index = read_table(folder / THUMBNAILS_CSV)
        keys = zip(index[SUBJECT], index["structure"], strict=True)
        return dict(zip(keys, [folder / file for file in index["file"]], strict=True))
