"""How do the scores of several runs become the tables that compare them?"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from innereye.metrics.runs.breakdown import (
    results_by_mode,
    results_by_mode_and_structure,
    write_breakdown,
)
from innereye.metrics.runs.results_by_fold import results_by_fold, write_results_by_fold
from innereye.metrics.runs.run_dictionary import write_run_dictionary
from innereye.metrics.runs.run_results import RunResults
from innereye.metrics.runs.runs_table import collect_runs, write_runs_table
from innereye.names import DATASET_CSV, ENSEMBLE, METRICS_CSV, epoch_folder


def collect(
    runs: Sequence[RunResults],
    *,
    modes: Sequence[str],
    ignore_subjects: Collection[str],
    files: Mapping[str, Path],
) -> None:
    """Write the tables of several runs.

    `files`: where to write `table` (all rows), `dictionary` (the folder of each run), `by_mode` and
    `by_structure` (summaries), and `by_fold` (means over the folds of a cross-validation), if asked.
    """
    table = collect_runs(runs, modes=modes, ignore_subjects=ignore_subjects)
    write_runs_table(files["table"], table)
    write_run_dictionary(files["dictionary"], {run.name: place_of(run) for run in runs})
    write_breakdown(files["by_mode"], results_by_mode(table))
    write_breakdown(files["by_structure"], results_by_mode_and_structure(table))
    if "by_fold" in files:
        write_results_by_fold(files["by_fold"], results_by_fold(table))


def run_from(plain: Mapping[str, Any]) -> RunResults:
    """Return the results that plain values describe: `name`, `metrics` by mode, `dataset`."""
    metrics = {mode: Path(path) for mode, path in plain["metrics"].items()}
    dataset = Path(plain["dataset"]) if plain["dataset"] else None
    return RunResults(plain["name"], metrics, dataset)


def crossval_runs(
    folder: Path,
    *,
    folds: int,
    epoch: int,
    fold_modes: Sequence[str],
    ensemble_modes: Sequence[str],
) -> list[RunResults]:
    """Return the results of the folds 0, 1, ... and of the ensemble in one epoch."""
    modes = {str(fold): fold_modes for fold in range(folds)} | {ENSEMBLE: ensemble_modes}
    return [
        RunResults(
            name,
            {mode: folder / name / epoch_folder(epoch) / mode / METRICS_CSV for mode in found},
            folder / name / DATASET_CSV,
        )
        for name, found in modes.items()
        if found
    ]


def place_of(run: RunResults) -> str:
    """Return the folder of a run's results, without that of the mode."""
    return str(next(iter(run.metrics.values())).parent.parent) if run.metrics else ""
