"""Where are the results of a run? From the place that a user names to files of scores."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from innereye.errors import InnerEyeError
from innereye.metrics.runs.nnunet_summary import SUMMARY_JSON
from innereye.metrics.runs.run_names import BEST_VALIDATION_EPOCH, is_level, unique_names
from innereye.metrics.runs.run_results import SUMMARY_SUFFIX, RunResults, epoch_of
from innereye.names import (
    CHECKPOINTS,
    CROSSVAL_RESULTS,
    DATASET_CSV,
    ENSEMBLE,
    METRICS_CSV,
    Split,
    natural_key,
)

OUTPUTS = "outputs"
ENTRIES_SHOWN = 8


def find_run(
    place: Path, *, name: str | None = None, epoch: int | None = None, mode: str = Split.TEST
) -> RunResults:
    """Return the results that lie at a place.

    A place is an outputs folder (of the epoch given, else of the last one with scores), a folder
    `epoch_NNN`, a folder `Test` or its metrics.csv; an outputs folder of the original or a fold in
    its CrossValResults; a summary.json of nnU-Net or the folder with it. `mode` is that of results
    that do not say theirs, as nnU-Net's. `epoch` has no meaning for results without epochs.
    What an ensemble scores on Val and Train is left out: its members were trained on it.

    Raises:
        InnerEyeError: there are no results, or none of the epoch.
    """
    metrics = result_files(place, epoch=epoch, mode=mode)
    kept = without_seen(metrics)
    if not kept:
        raise InnerEyeError(
            f"{place} holds results of an ensemble on {' and '.join(metrics)} only, on which its "
            f"members were trained; results on {Split.TEST} can be compared."
        )
    return RunResults(
        name=name or unique_names([place])[0],
        metrics=kept,
        dataset_csv=_dataset_csv(place, kept),
    )


def result_files(
    place: Path, *, epoch: int | None = None, mode: str = Split.TEST
) -> dict[str, Path]:
    """Return the file of scores of each mode at a place, modes in the order Train, Val, Test.

    Raises:
        InnerEyeError: there are no results, or none of the epoch.
    """
    _require_place_of_epoch(place, epoch)
    if place.is_file():
        if place.suffix not in {SUMMARY_SUFFIX, Path(METRICS_CSV).suffix}:
            raise InnerEyeError(
                f"{place} is no run: allowed files are {METRICS_CSV} and nnU-Net's {SUMMARY_JSON}."
            )
        return {_mode_of(place.parent, otherwise=mode): place}
    for file in (place / METRICS_CSV, place / SUMMARY_JSON):
        if file.is_file():
            return {_mode_of(place, otherwise=mode): file}
    if by_epoch := _files_by_epoch(place):
        if epoch is not None and epoch not in by_epoch:
            known = ", ".join(str(known) for known in by_epoch)
            raise InnerEyeError(
                f"{place} has no results of epoch {epoch}; there are results of: {known}."
            )
        return by_epoch[max(by_epoch) if epoch is None else epoch]
    for folder in (place / BEST_VALIDATION_EPOCH, place):
        if files := _files_by_mode(folder):
            return files
    if (place / OUTPUTS).is_dir():
        return result_files(place / OUTPUTS, epoch=epoch, mode=mode)
    raise InnerEyeError(_nothing_found(place))


def without_seen(metrics: Mapping[str, Path]) -> dict[str, Path]:
    """Return the files without those of an ensemble on Train and Val.

    K-1 of K members were trained on a subject of Val; such scores belong into no statistic.
    """
    return {
        mode: file
        for mode, file in metrics.items()
        if mode == Split.TEST or not _is_of_ensemble(_run_folder(file.parent))
    }


def _run_folder(folder: Path) -> Path:
    while is_level(folder.name):
        folder = folder.parent
    return folder


def _is_of_ensemble(run_folder: Path) -> bool:
    """Return whether the results of a run folder are those of an ensemble.

    With a cross-validation the outputs folder shows the ensemble's results and trains nothing.
    """
    shows_ensemble = (run_folder / CROSSVAL_RESULTS / ENSEMBLE).is_dir()
    return run_folder.name == ENSEMBLE or (
        shows_ensemble and not (run_folder / CHECKPOINTS).exists()
    )


def _require_place_of_epoch(place: Path, epoch: int | None) -> None:
    """Refuse a place inside the folder of another epoch, and one that does not exist."""
    if not place.exists():
        raise InnerEyeError(
            f"{place} does not exist; a run is an outputs folder, a folder in it with a "
            f"{METRICS_CSV}, or nnU-Net's {SUMMARY_JSON}."
        )
    if epoch is None:
        return
    for folder in (place, *place.absolute().parents[:2]):
        if (own := epoch_of(folder)) not in (None, epoch):
            raise InnerEyeError(f"{place} holds results of epoch {own}, not of epoch {epoch}.")


def _mode_of(folder: Path, *, otherwise: str) -> str:
    return folder.name if folder.name in set(Split) else str(otherwise)


def _files_by_mode(folder: Path) -> dict[str, Path]:
    files = {str(mode): folder / mode / METRICS_CSV for mode in Split}
    return {mode: file for mode, file in files.items() if file.is_file()}


def _files_by_epoch(place: Path) -> dict[int, dict[str, Path]]:
    """Return the files of each epoch that has some, in the order of the epochs."""
    epochs = {
        epoch: folder for folder in place.iterdir() if (epoch := epoch_of(folder)) is not None
    }
    found = {epoch: _files_by_mode(epochs[epoch]) for epoch in sorted(epochs)}
    return {epoch: files for epoch, files in found.items() if files}


def _nothing_found(place: Path) -> str:
    entries = sorted((entry.name for entry in place.iterdir()), key=natural_key)
    shown = ", ".join(entries[:ENTRIES_SHOWN]) + (" ..." if len(entries) > ENTRIES_SHOWN else "")
    return (
        f"{place} holds no results: looked for epoch_NNN/<Mode>/{METRICS_CSV}, "
        f"{BEST_VALIDATION_EPOCH}/<Mode>/{METRICS_CSV}, <Mode>/{METRICS_CSV}, {METRICS_CSV} and "
        f"{SUMMARY_JSON}; found {shown or 'nothing'}."
    )


def _dataset_csv(place: Path, metrics: Mapping[str, Path]) -> Path | None:
    """Return the nearest dataset.csv: one for all modes first, else that of a mode's folder.

    Summaries of nnU-Net have none: their subjects are cases, which no dataset.csv of ours knows.
    """
    folders = [file.parent for file in metrics.values() if file.suffix != SUMMARY_SUFFIX]
    if not folders:
        return None
    shared = Path(os.path.commonpath(folders))
    candidates = [folder / DATASET_CSV for folder in (*_upwards(shared, place), *folders)]
    return next((file for file in candidates if file.is_file()), None)


def _upwards(folder: Path, place: Path) -> Iterator[Path]:
    """Give a folder and those around it, up to the place and out of folders of epochs and modes."""
    yield folder
    while place in folder.parents or is_level(folder.name):
        folder = folder.parent
        yield folder
