"""How sure is each number of each split? `confidence_intervals.csv` of a run or of all folds."""

from collections.abc import Sequence

import pandas as pd

from innereye.metrics.columns import texts_of
from innereye.metrics.scalar.columns import LABEL, PREDICTION_TARGET
from innereye.metrics.scalar.headline import HEADLINE_COLUMNS, headline_numbers
from innereye.metrics.scalar.report_table import threshold_of
from innereye.metrics.scalar.resampling import RESAMPLES
from innereye.metrics.scalar.table_parts import rows_where, rows_with
from innereye.metrics.scalar.target_rows import last_epoch, targets_in
from innereye.names import DATA_SPLIT, Split


def headline_table(
    table: pd.DataFrame,
    *,
    is_classification: bool,
    targets: Sequence[str] | None = None,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """Return the columns data_split, prediction_target and those of `headline_numbers`.

    `table`: labelled rows of one run, or of all folds together, in which a subject of Test has a
    row from each fold. The last epoch of each split counts. Test is measured at the threshold of
    Val where there are rows of Val, every other split at its own.
    """
    labelled = rows_where(table, table[LABEL].notna())
    parts = [pd.DataFrame(columns=[DATA_SPLIT, PREDICTION_TARGET, *HEADLINE_COLUMNS])]
    for split in sorted(set(texts_of(labelled, DATA_SPLIT))):
        for target in targets_in(labelled, targets):
            rows = _last_rows(labelled, split, target)
            val = _last_rows(labelled, Split.VAL, target)
            is_given = split == Split.TEST and len(val) > 0
            numbers = headline_numbers(
                rows,
                is_classification=is_classification,
                threshold=threshold_of(val) if is_given else None,
                resamples=resamples,
            )
            numbers.insert(0, DATA_SPLIT, split)
            numbers.insert(1, PREDICTION_TARGET, target)
            parts.append(numbers)
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _last_rows(table: pd.DataFrame, split: str, target: str) -> pd.DataFrame:
    return last_epoch(rows_with(rows_with(table, DATA_SPLIT, split), PREDICTION_TARGET, target))
