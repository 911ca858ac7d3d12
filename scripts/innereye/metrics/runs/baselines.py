"""How is a run compared with earlier ones? Their scores copied beside it, and one table of all."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from innereye.io.links import copy_file
from innereye.metrics.metrics_csv import write_metrics
from innereye.metrics.reported_epoch import choose_epoch
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.metrics.runs.run_results import SUMMARY_SUFFIX, RunResults, read_run_metrics
from innereye.metrics.runs.runs_table import collect_runs, write_baseline_table
from innereye.names import (
    CURRENT,
    DATASET_CSV,
    METRIC_COLUMNS,
    METRICS_CSV,
    PATIENT,
    SERIES,
    STRUCTURE,
    SUBJECT,
    Split,
    epoch_folder,
)


def fetch_baseline(
    name: str, source: Mapping[str, str], *, metrics_csv: Path, dataset_csv: Path
) -> None:
    """Copy the scores and the data set of an earlier run; scores of nnU-Net become a metrics.csv.

    `source`: the files `metrics` and `dataset`, the latter empty where there is none. A data set
    that is not there is made of the subjects that the scores name.
    """
    run = RunResults(name, {Split.TEST: Path(source["metrics"])})
    scores = read_run_metrics(run, Split.TEST)
    if Path(source["metrics"]).suffix == SUMMARY_SUFFIX:
        write_metrics(metrics_csv, columns_of(scores, PATIENT, STRUCTURE, *METRIC_COLUMNS))
    else:
        copy_file(Path(source["metrics"]), metrics_csv)
    if source["dataset"]:
        copy_file(Path(source["dataset"]), dataset_csv)
    else:
        subjects = columns_of(scores, PATIENT, SERIES).drop_duplicates()
        write_metrics(dataset_csv, subjects.rename(columns={PATIENT: SUBJECT}))


def collect_baselines(
    *,
    run_folder: Path,
    epoch_json: Path | None,
    epochs: Sequence[int],
    has_val: bool,
    names: Sequence[str],
    copies: Sequence[Path],
    ignore_subjects: Collection[str],
    table_csv: Path,
) -> None:
    """Write one table of a run's scores on Test, named CURRENT, and those of earlier runs.

    The run's epoch is that of `epoch_json`, or the one that its report is about.
    """
    if epoch_json is None:
        epoch, _ = choose_epoch(run_folder, epochs, has_val=has_val)
    else:
        epoch, _ = read_reported_epoch(epoch_json)
    own = run_folder / epoch_folder(epoch) / Split.TEST / METRICS_CSV
    runs = [RunResults(CURRENT, {Split.TEST: own}, run_folder / DATASET_CSV)]
    runs += [
        RunResults(name, {Split.TEST: copy}, copy.parent / DATASET_CSV)
        for name, copy in zip(names, copies, strict=True)
    ]
    table = collect_runs(runs, modes=[Split.TEST], ignore_subjects=ignore_subjects)
    write_baseline_table(table_csv, table)


def columns_of(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Return some columns of a table."""
    return pd.DataFrame({name: table[name] for name in names})
