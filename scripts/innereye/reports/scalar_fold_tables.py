"""How good is a regression in each fold of a cross-validation? Four numbers a fold, and their mean."""

import pandas as pd

from innereye.metrics.columns import texts_of, values_of
from innereye.metrics.scalar.columns import FOLD, LABEL, MODEL_OUTPUT
from innereye.metrics.scalar.regression import regression_metrics
from innereye.metrics.scalar.report_table import MEAN, METRIC, mean_and_std
from innereye.metrics.scalar.target_rows import rows_of_target
from innereye.names import Split, natural_key
from innereye.reports.scalar_tables import OF_REGRESSION


def regression_fold_table(table: pd.DataFrame, target: str) -> pd.DataFrame:
    """Return the columns Metric, Split 0, ..., Mean (std): the numbers of each fold on Val, as texts.

    `table`: that of `MetricsAcrossAllRuns.csv`. What a fold does not have shows `nan` and is left out
    of the mean; the standard deviation divides by the number of folds.
    """
    numbers = {}
    for fold in sorted(set(texts_of(table, FOLD)), key=natural_key):
        rows = rows_of_target(table, target, split=Split.VAL, fold=int(fold))
        found = regression_metrics(values_of(rows, LABEL), values_of(rows, MODEL_OUTPUT))
        numbers[f"Split {fold}"] = vars(found)
    texts = [
        (title, *(f"{each:.4f}" for each in values), mean_and_std(values))
        for name, title in OF_REGRESSION.items()
        for values in [[of_fold[name] for of_fold in numbers.values()]]
    ]
    return pd.DataFrame(texts, columns=[METRIC, *numbers, MEAN])
