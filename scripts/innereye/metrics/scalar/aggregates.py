"""How good are the outputs of each split and epoch? `metrics_aggregates.csv` of pooled rows."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.binary import BINARY_METRICS, binary_metrics
from innereye.metrics.scalar.columns import EPOCH, LABEL, MODEL_OUTPUT, PREDICTION_TARGET
from innereye.metrics.scalar.number_texts import write_numbers
from innereye.metrics.scalar.regression import REGRESSION_METRICS, regression_metrics
from innereye.metrics.scalar.table_parts import rows_with
from innereye.metrics.scalar.target_rows import epoch_number, targets_in
from innereye.names import DATA_SPLIT

DECIMALS = 5


def scalar_aggregates(
    table: pd.DataFrame, *, is_classification: bool, targets: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the metrics of each split (in text order), epoch and target that has rows.

    `table`: rows of one run, or of all folds together: each metric is computed once on them, which
    is not the mean over folds. `targets`: their order; else the default target first, then by name.
    A metric that one class does not have is NaN.
    """
    names = BINARY_METRICS if is_classification else REGRESSION_METRICS
    rows = []
    for split in sorted(set(texts_of(table, DATA_SPLIT))):
        of_split = rows_with(table, DATA_SPLIT, split)
        for epoch in sorted(set(texts_of(of_split, EPOCH)), key=epoch_number):
            of_epoch = rows_with(of_split, EPOCH, epoch)
            for target in targets_in(of_epoch, targets):
                chosen = rows_with(of_epoch, PREDICTION_TARGET, target)
                metrics = metric_values(chosen, is_classification=is_classification)
                values = {name: float(metrics[name]) for name in names}
                place = {DATA_SPLIT: split, EPOCH: epoch}
                rows.append({PREDICTION_TARGET: target} | values | place)
    return pd.DataFrame(rows, columns=[PREDICTION_TARGET, *names, DATA_SPLIT, EPOCH])


def metric_values(rows: pd.DataFrame, *, is_classification: bool) -> dict[str, float]:
    """Return the metrics of the rows of one target by name."""
    compute = binary_metrics if is_classification else regression_metrics
    return asdict(compute(values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT)))


def write_scalar_aggregates(path: Path, aggregates: pd.DataFrame) -> None:
    """Write `metrics_aggregates.csv`: five decimals, the count of subjects too; NaN is empty."""
    names = [name for name in (*BINARY_METRICS, *REGRESSION_METRICS) if name in aggregates]
    write_numbers(path, aggregates, decimals=DECIMALS, columns=names)
