"""What did a model say of each subject? The rows of `metrics.csv` and `model_outputs.csv`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innereye.metrics.columns import Values
from innereye.metrics.scalar.columns import (
    EPOCH,
    FOLD,
    INFERENCE_COLUMNS,
    LABEL,
    MODEL_OUTPUT,
    MODEL_OUTPUTS_COLUMNS,
    NO_FOLD,
    PREDICTION_TARGET,
    TRAINING_COLUMNS,
)
from innereye.metrics.scalar.table_parts import columns_in_order, rows_where, rows_with
from innereye.names import DATA_SPLIT, SUBJECT


@dataclass(frozen=True)
class ScalarOutputs:
    """Labels (NaN where unknown) and outputs of a model, (subjects, targets) each.

    Outputs are posteriors of a classification, values of a regression.
    """

    subjects: Sequence[str]
    targets: Sequence[str]
    labels: Values
    outputs: Values

    def __post_init__(self) -> None:
        """Refuse arrays that have not a row for each subject and a column for each target."""
        shape = (len(self.subjects), len(self.targets))
        if self.labels.shape != shape or self.outputs.shape != shape:
            raise ValueError(
                f"labels {self.labels.shape} and outputs {self.outputs.shape} are not {shape}"
            )


def model_outputs_table(results: ScalarOutputs, *, fold: int = NO_FOLD) -> pd.DataFrame:
    """Return the table of `model_outputs.csv`: all targets of a subject, subject by subject.

    Rows whose label is unknown are there, too. `fold` is -1 without one and for an ensemble.
    """
    rows = _by_subject(results).assign(**{FOLD: str(fold)})
    return columns_in_order(rows, MODEL_OUTPUTS_COLUMNS)


def inference_metrics_table(
    results: ScalarOutputs, *, epoch: int, split: str, fold: int = NO_FOLD
) -> pd.DataFrame:
    """Return the table of `epoch_NNN/<Mode>/metrics.csv`: all subjects of a target, target by target.

    Rows whose label is unknown are left out. `epoch` counts finished epochs, from 1 as in NNN; its
    column counts from 0, as in the files of training.
    """
    rows = _by_subject(results)
    by_target = [rows_with(rows, PREDICTION_TARGET, target) for target in results.targets]
    rows = pd.concat([rows_where(rows, np.zeros(len(rows))), *by_target], ignore_index=True)
    return columns_in_order(_labelled(rows, epoch - 1, split, fold), INFERENCE_COLUMNS)


def training_metrics_table(
    results: ScalarOutputs, *, epoch: int, split: str, fold: int = NO_FOLD, is_classification: bool
) -> pd.DataFrame:
    """Return the rows of an epoch, counted from 0, in `<Mode>/metrics.csv` of a training.

    As in the original, labels of a classification are whole numbers here. Rows whose label is
    unknown are left out.
    """
    rows = _labelled(_by_subject(results), epoch, split, fold)
    if is_classification:
        rows = rows.astype({LABEL: np.int64})
    return columns_in_order(rows, TRAINING_COLUMNS)


def _by_subject(results: ScalarOutputs) -> pd.DataFrame:
    number_of_targets = len(results.targets)
    return pd.DataFrame(
        {
            SUBJECT: [name for name in results.subjects for _ in range(number_of_targets)],
            PREDICTION_TARGET: list(results.targets) * len(results.subjects),
            LABEL: np.asarray(results.labels, dtype=np.float64).ravel(),
            MODEL_OUTPUT: np.asarray(results.outputs, dtype=np.float64).ravel(),
        }
    )


def _labelled(rows: pd.DataFrame, epoch: int, split: str, fold: int) -> pd.DataFrame:
    known = rows_where(rows, rows[LABEL].notna())
    return known.assign(**{EPOCH: str(epoch), DATA_SPLIT: str(split), FOLD: str(fold)})
