"""Which runs are in a cross-validation's results? Its folds in order, then the ensemble."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from innereye.errors import InnerEyeError, list_faults
from innereye.metrics.runs.find_run import find_run, result_files, without_seen
from innereye.metrics.runs.run_results import RunResults
from innereye.names import CROSSVAL_RESULTS, ENSEMBLE, Split

logger = logging.getLogger(__name__)


def find_crossval_runs(
    folder: Path,
    *,
    epoch: int | None = None,
    first_index: int = 0,
    number_of_cross_validation_splits: int = 0,
) -> list[RunResults]:
    """Return the folds `0`, `1`, ... and `ENSEMBLE` of a folder CrossValResults.

    `folder` may also be the outputs folder around it. Results of ours (`0/epoch_NNN/<Mode>`) and of
    the original (`0/<Mode>`) are read. The ensemble counts on Test only; it is left out when it has
    no results there. A run without a dataset.csv uses that of another: all have one data set.
    With `number_of_cross_validation_splits` above 1 there must be so many folds.

    Raises:
        InnerEyeError: folds or their results are missing, or the runs are of different epochs.
    """
    base = folder / CROSSVAL_RESULTS if (folder / CROSSVAL_RESULTS).is_dir() else folder
    count = number_of_cross_validation_splits if number_of_cross_validation_splits > 1 else None
    indices = _fold_indices(base, first_index=first_index, count=count)
    runs = [find_run(base / str(index), name=str(index), epoch=epoch) for index in indices]
    if (ensemble := base / ENSEMBLE).is_dir():
        runs += _ensemble(ensemble, epoch=epoch)
    _require_one_epoch(base, runs)
    if count is not None:
        require_numbers_of_runs(runs, count)
    shared = next((run.dataset_csv for run in runs if run.dataset_csv is not None), None)
    return [replace(run, dataset_csv=run.dataset_csv or shared) for run in runs]


def require_numbers_of_runs(runs: Sequence[RunResults], count: int) -> None:
    """Refuse a mode that is scored by some folds only.

    Of `count` folds and an ensemble, a mode may be scored by none, by one, by all folds, or by all
    and the ensemble.

    Raises:
        InnerEyeError: all such modes at once.
    """
    faults = []
    for mode in Split:
        scored = [run.name for run in runs if mode in run.metrics]
        if len(scored) not in {0, 1, count, count + 1}:
            faults.append(f"{mode}: {len(scored)} runs ({', '.join(scored)})")
    if faults:
        raise InnerEyeError(
            list_faults(
                f"Unexpected numbers of runs to evaluate; {count} folds allow 0, 1, {count} or "
                f"{count + 1} for each mode:",
                faults,
            )
        )


def _fold_indices(base: Path, *, first_index: int, count: int | None) -> list[int]:
    if not base.is_dir():
        raise InnerEyeError(
            f"{base} is not a folder; give {CROSSVAL_RESULTS} or the outputs folder around it."
        )
    found = sorted(
        int(child.name)
        for child in base.iterdir()
        if child.is_dir() and child.name.isdecimal() and child.name == str(int(child.name))
    )
    if not found:
        raise InnerEyeError(f"{base} holds no folds: there is no folder {first_index}, ... in it.")
    last = max(found) if count is None else first_index + count - 1
    needed = list(range(first_index, last + 1))
    if found != needed:
        raise InnerEyeError(
            f"{base} holds the folds {_listed(found)}; needed are {_listed(needed)}, "
            f"counted from {first_index}."
        )
    return found


def _listed(indices: Sequence[int]) -> str:
    return ", ".join(str(index) for index in indices)


def _ensemble(folder: Path, *, epoch: int | None) -> list[RunResults]:
    """Return the ensemble's run, or nothing when it has no scores on Test."""
    try:
        files = result_files(folder, epoch=epoch)
    except InnerEyeError as reason:
        logger.warning("The ensemble is left out. %s", reason)
        return []
    if not without_seen(files):
        logger.info("The ensemble is left out: it has scores on %s only.", ", ".join(files))
        return []
    return [find_run(folder, name=ENSEMBLE, epoch=epoch)]


def _require_one_epoch(base: Path, runs: Sequence[RunResults]) -> None:
    epochs = {run.name: run.epoch for run in runs}
    if len(set(epochs.values())) > 1:
        listed = ", ".join(f"{name}: {epoch or 'none'}" for name, epoch in epochs.items())
        raise InnerEyeError(
            f"The runs of {base} are of different epochs ({listed}); say which epoch is to be read."
        )
