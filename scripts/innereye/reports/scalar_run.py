"""What lies in the folder of a scalar model's run for its report? Rows, thresholds and pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.columns import LABEL, MODEL_OUTPUT, MODEL_OUTPUTS_CSV
from innereye.metrics.scalar.cross_entropy import logits_of
from innereye.metrics.scalar.headline import headline_numbers
from innereye.metrics.scalar.resampling import RESAMPLES
from innereye.metrics.scalar.result_files import read_results
from innereye.metrics.scalar.target_rows import rows_of_target
from innereye.metrics.scalar.temperature import fit_temperature
from innereye.names import (
    METRICS_ACROSS_ALL_RUNS_CSV,
    METRICS_CSV,
    REPORT_PICTURES,
    SUBJECT,
    Split,
    epoch_folder,
)
from innereye.reports.epoch_tables import read_epoch_metrics
from innereye.reports.run_folder import split_size
from innereye.reports.scalar_picture_files import read_pictures
from innereye.reports.scalar_threshold import Threshold, choose_threshold


@dataclass(frozen=True, eq=False)
class ScalarRun:
    """A run's folder and what its report is to say; everything that a cell of the notebook needs.

    `subject_column` is that of the tables of the splits; results always have `subject`.
    `is_exclusive`: each subject has one of the targets. `facts` head the report.
    """

    folder: Path
    epoch: int
    reason: str
    targets: Sequence[str]
    is_classification: bool
    number_shown: int
    is_exclusive: bool = False
    subject_column: str = SUBJECT
    resamples: int = RESAMPLES
    facts: Mapping[str, str] = field(default_factory=dict)
    is_ensemble: bool = False

    def split_folder(self, split: str) -> Path:
        """Return the folder with the results of a split in the reported epoch."""
        return self.folder / epoch_folder(self.epoch) / split

    def split_size(self, split: Split) -> int | None:
        """Return the number of subjects of a split, None where the run has no table of it."""
        return split_size(self.folder, split, subject_column=self.subject_column)

    def epoch_metrics(self) -> dict[Split, pd.DataFrame]:
        """Return the course of the training; empty for an ensemble, which was not trained itself."""
        return read_epoch_metrics(self.folder)

    @cache  # noqa: B019  one run lives as long as its report
    def rows(self, split: str, target: str) -> pd.DataFrame:
        """Return the labelled rows of a target on a split; none where the split has no results."""
        path = self.split_folder(split) / METRICS_CSV
        return rows_of_target(read_results(path), target) if path.is_file() else NO_ROWS

    def rows_of_targets(self, split: str) -> pd.DataFrame:
        """Return the labelled rows of all targets on a split."""
        return pd.concat([self.rows(split, target) for target in self.targets], ignore_index=True)

    def count_unlabelled(self, split: str, target: str) -> int:
        """Return how many subjects have an output but no label, by model_outputs.csv."""
        path = self.split_folder(split) / MODEL_OUTPUTS_CSV
        if not path.is_file():
            return 0
        outputs = read_results(path)
        is_unknown = outputs[LABEL].isna().to_numpy()
        names = texts_of(outputs, "prediction_target")
        return sum(name == target for name in np.asarray(names, dtype=object)[is_unknown])

    @cache  # noqa: B019
    def pooled(self) -> pd.DataFrame | None:
        """Return the rows of all folds beside an ensemble; None where there is no table of them."""
        path = self.folder / ".." / METRICS_ACROSS_ALL_RUNS_CSV
        return read_results(path) if self.is_ensemble and path.is_file() else None

    @cache  # noqa: B019
    def unseen_val_rows(self, target: str) -> pd.DataFrame:
        """Return the Val rows on which thresholds are chosen, of subjects that were not trained on.

        For an ensemble they are those of all folds, each subject scored by the fold that had not
        seen it.
        """
        if not self.is_ensemble:
            return self.rows(Split.VAL, target)
        pooled = self.pooled()
        return NO_ROWS if pooled is None else rows_of_target(pooled, target, split=Split.VAL)

    def threshold(self, split: str, target: str) -> Threshold:
        """Return the threshold of a target: that of Train on Train, that of Val on Val and Test."""
        if split == Split.TRAIN and not self.is_ensemble:
            return choose_threshold(self.rows(split, target), of="Train")
        of = "the Val sets of all folds together" if self.is_ensemble else "Val"
        return choose_threshold(self.unseen_val_rows(target), of=of)

    def temperature(self, target: str) -> float:
        """Return the temperature that is fitted on Val; 1 where nothing can be fitted."""
        rows = self.unseen_val_rows(target)
        return fit_temperature(values_of(rows, LABEL), logits_of(values_of(rows, MODEL_OUTPUT)))

    @cache  # noqa: B019
    def headline(self, split: str, target: str) -> pd.DataFrame:
        """Return value, ci_low, ci_high and method of each metric, by its name."""
        threshold = self.threshold(split, target).value if self.is_classification else None
        return headline_numbers(
            self.rows(split, target),
            is_classification=self.is_classification,
            threshold=threshold,
            resamples=self.resamples,
        ).set_index("metric")

    @cache  # noqa: B019
    def pooled_headline(self, target: str) -> pd.DataFrame:
        """Return the same for the Val sets of all folds together, at their own threshold."""
        return headline_numbers(
            self.unseen_val_rows(target),
            is_classification=self.is_classification,
            resamples=self.resamples,
        ).set_index("metric")

    def pictures(self, split: str) -> dict[str, Path | str]:
        """Return the picture of each subject that has one, or the sentence that says why not."""
        return read_pictures(self.folder / REPORT_PICTURES / split)


NO_ROWS = pd.DataFrame(
    {SUBJECT: np.empty(0, object), LABEL: np.empty(0), MODEL_OUTPUT: np.empty(0)}
)
