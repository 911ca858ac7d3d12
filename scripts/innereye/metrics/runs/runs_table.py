"""How do the subjects score in each of several runs? `MetricsAcrossAllRuns.csv`, written and read."""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.errors import InnerEyeError
from innereye.io.files import write_table
from innereye.metrics.columns import Values, texts_of, values_of
from innereye.metrics.metrics_csv import read_metrics
from innereye.metrics.runs.run_results import RunResults, read_run_metrics
from innereye.metrics.runs.subject_ids import SubjectIds, read_subject_ids, shown_subjects
from innereye.names import (
    DATA_SPLIT,
    DICE,
    INSTITUTION,
    METRIC_COLUMNS,
    MODE,
    PATIENT,
    RUN_OF_ROW,
    SERIES,
    STRUCTURE,
    Split,
)

logger = logging.getLogger(__name__)

PERCENT = 100
# The order of MetricsAcrossAllRuns.csv; all but the metrics are texts.
RUNS_COLUMNS = (
    *(PATIENT, STRUCTURE, *METRIC_COLUMNS),
    *(DATA_SPLIT, SERIES, INSTITUTION, RUN_OF_ROW, MODE),
)
# The original's file of baselines begins with a column that has no name.
ROW_NUMBER = ""


def collect_runs(
    runs: Sequence[RunResults],
    *,
    modes: Sequence[str] = (Split.VAL, Split.TEST),
    ignore_subjects: Collection[str] = (),
) -> pd.DataFrame:
    """Return one table of all rows: mode by mode, run by run, rows as in the runs' own files.

    Columns are RUNS_COLUMNS: Dice in percent, distances in mm, NaN and infinity as they are; series
    and institution from the dataset.csv of the run, empty where it has none. A run without a mode
    gives no rows there. A metric that a run does not measure is NaN in all its rows of a mode: such
    a run is not to be compared in that metric.

    Raises:
        InnerEyeError: a file cannot be used, a subject is not in its dataset.csv, or two runs have
            the same name.
    """
    if repeated := [name for name, count in Counter(run.name for run in runs).items() if count > 1]:
        raise InnerEyeError(
            f"More than one run is called '{repeated[0]}'; each run needs a name of its own."
        )
    ignored = {str(subject) for subject in ignore_subjects}
    ids = {run.name: read_subject_ids(run.dataset_csv) for run in runs if run.dataset_csv}
    parts: list[pd.DataFrame] = []
    subjects: set[str] = set()
    for mode in modes:
        for run in runs:
            if mode not in run.metrics:
                continue
            rows = read_run_metrics(run, mode)
            subjects |= set(rows[PATIENT])
            kept = [subject not in ignored for subject in rows[PATIENT]]
            parts.append(_completed(rows.loc[kept], run, mode, ids=ids.get(run.name)))
    if unknown := sorted(ignored - subjects):
        logger.warning("Subjects to be ignored that no run has: %s.", shown_subjects(unknown))
    return _runs_frame(parts)


def write_runs_table(path: Path, table: pd.DataFrame) -> None:
    """Write `MetricsAcrossAllRuns.csv` of a cross-validation: no index, numbers in full.

    NaN is an empty field, infinity `inf`; without rows there is the header alone.
    """
    write_table(path, pd.DataFrame({column: table[column] for column in RUNS_COLUMNS}))


def write_baseline_table(path: Path, table: pd.DataFrame) -> None:
    """Write `MetricsAcrossAllRuns.csv` of a comparison with baselines, as `write_runs_table`.

    As in the original's file, data_split is left out and a first column without a name numbers the
    rows; ours counts 0, 1, 2, ... through the table, where the original's numbers had gaps.
    """
    columns = {column: list(table[column]) for column in RUNS_COLUMNS if column != DATA_SPLIT}
    write_table(path, pd.DataFrame({ROW_NUMBER: range(len(table))} | columns))


def read_runs_table(path: Path) -> pd.DataFrame:
    """Return what `write_runs_table` or `write_baseline_table`, or the original, wrote.

    All of RUNS_COLUMNS are there: distances that the file lacks are NaN, ids that it lacks empty.
    Of data_split and mode one is enough. Other columns are dropped.

    Raises:
        InnerEyeError: the file is missing, lacks a column, or a field is not a number.
    """
    found = read_metrics(path)
    needed = [DICE, RUN_OF_ROW, *([] if {MODE, DATA_SPLIT} & set(found.columns) else [MODE])]
    if missing := [column for column in needed if column not in found]:
        raise InnerEyeError(
            f"{path} is not a table of several runs: it has no column {' and no '.join(missing)}."
        )
    mode = found[MODE if MODE in found else DATA_SPLIT]
    found = found.assign(**{MODE: mode} | ({} if DATA_SPLIT in found else {DATA_SPLIT: mode}))
    return _runs_frame([found])


def _completed(
    rows: pd.DataFrame, run: RunResults, mode: str, *, ids: SubjectIds | None
) -> pd.DataFrame:
    """Return rows of metrics.csv with percent for Dice, and with mode, run and ids."""
    patients = texts_of(rows, PATIENT)
    content: dict[str, object] = {
        DICE: values_of(rows, DICE) * PERCENT,
        DATA_SPLIT: str(mode),
        RUN_OF_ROW: run.name,
        MODE: str(mode),
    }
    if ids is not None:
        unknown = [patient for patient in dict.fromkeys(patients) if patient not in ids.series]
        if unknown:
            raise InnerEyeError(
                f"Run '{run.name}': {run.metrics[mode]} has subjects that are not in "
                f"{run.dataset_csv}: {shown_subjects(unknown)}."
            )
        content[SERIES] = [ids.series[patient] for patient in patients]
        content[INSTITUTION] = [ids.institution[patient] for patient in patients]
    return rows.assign(**content)


def _runs_frame(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one table of RUNS_COLUMNS; the types of its columns do not depend on what is in it."""
    columns: dict[str, object] = {}
    for column in RUNS_COLUMNS:
        if column in METRIC_COLUMNS:
            values = [_numbers(part, column) for part in parts]
            columns[column] = np.concatenate([np.empty(0), *values])
        else:
            texts = [text for part in parts for text in _texts(part, column)]
            columns[column] = pd.Series(texts, dtype="str")
    return pd.DataFrame(columns)


def _numbers(part: pd.DataFrame, column: str) -> Values:
    return values_of(part, column) if column in part else np.full(len(part), np.nan)


def _texts(part: pd.DataFrame, column: str) -> list[str]:
    return texts_of(part, column) if column in part else [""] * len(part)
