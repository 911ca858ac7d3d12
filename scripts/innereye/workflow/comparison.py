"""Which finished runs does a user put side by side, by compare_runs or plot_cross_validation?"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innereye.configs.comparison_settings import ComparisonSettings
from innereye.configs.model_config import ModelConfig
from innereye.errors import ConfigError, InnerEyeError
from innereye.metrics.runs.crossval_results import find_crossval_runs
from innereye.metrics.runs.find_run import find_run
from innereye.metrics.runs.run_names import unique_names
from innereye.metrics.runs.run_results import RunResults, read_run_metrics
from innereye.names import CROSSVAL_RESULTS, ENSEMBLE, METRICS_CSV, RUN_IDENTITY, STRUCTURE, Split
from innereye.workflow.analysis import CROSS_VALIDATION, Analysis
from innereye.workflow.recovery import is_in_the_cloud

FetchRun = Callable[[str], Path]
"""Brings the results of a run in AzureML, EXPERIMENT:RUN, into a folder that looks like a run's."""


@dataclass(frozen=True)
class Comparison:
    """Finished runs and the files that compare them. Without runs it is empty."""

    runs: tuple[RunResults, ...]
    analysis: Analysis

    @property
    def is_stated(self) -> bool:
        """Did the user name runs?"""
        return bool(self.runs)

    @property
    def what_is_missing(self) -> str:
        """How the user names runs."""
        return (
            "There are no runs to compare. compare_runs needs --config runs=<run>,<run>,...; "
            "plot_cross_validation needs --config crossval_dir=<folder> or "
            "run_recovery_id=EXPERIMENT:RUN. A run is a folder, or EXPERIMENT:RUN in AzureML."
        )

    @property
    def epoch(self) -> int | None:
        """The epoch of all runs, None where they differ or have none."""
        epochs = {run.epoch for run in self.runs}
        return epochs.pop() if len(epochs) == 1 else None

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The runs as plain values: name, scores by mode, table of the data set."""
        return [
            {
                "name": run.name,
                "metrics": {mode: str(path) for mode, path in run.metrics.items()},
                "dataset": str(run.dataset_csv or ""),
            }
            for run in self.runs
        ]

    @property
    def source_files(self) -> list[str]:
        """The files that are read."""
        files = [path for run in self.sources for path in [*run["metrics"].values()]]
        return files + [run["dataset"] for run in self.sources if run["dataset"]]


NO_COMPARISON = Comparison((), Analysis(folder="", kind="", compared=(), structures=()))
"""That of models whose runs are not put side by side."""


def no_workspace(recovery_id: str) -> Path:
    """Stand in where runs in AzureML are out of reach."""
    raise ConfigError(f"{recovery_id} is a run in AzureML, which cannot be asked here.")


def compared_by(
    settings: ComparisonSettings,
    model: ModelConfig,
    *,
    fetch: FetchRun = no_workspace,
    plots_crossval: bool = False,
) -> Comparison:
    """Return the comparison that a user's keys ask for.

    `plots_crossval`: the target is plot_cross_validation, for which run_recovery_id names what is
    plotted; otherwise it names what a training goes on with.

    Raises:
        ConfigError: keys contradict each other, or a run is not there.
    """
    crossval = crossval_place(settings, fetch) if plots_crossval else settings.crossval_dir
    if settings.runs and crossval:
        raise ConfigError(
            "runs and a cross-validation are both given; compare_runs takes runs=..., "
            "plot_cross_validation takes crossval_dir=... or run_recovery_id=..."
        )
    try:
        if crossval:
            folds, others = crossval_runs(settings, crossval, model, fetch)
        else:
            stated = (settings.runs, settings.run_names, settings, "run_names", fetch)
            folds, others = [], stated_runs(*stated)
    except ConfigError:
        raise
    except InnerEyeError as error:
        raise ConfigError(str(error)) from None
    require_apart([*folds, *others], Path(settings.outputs_directory))
    is_partial = bool(folds and others) and not settings.compare_all_against_all
    against = tuple(run.name for run in folds) if is_partial else ()
    return Comparison(
        (*folds, *others),
        analysis_of([*folds, *others], against, settings, model, is_crossval=bool(crossval)),
    )


def crossval_place(settings: ComparisonSettings, fetch: FetchRun) -> Path | None:
    """Return the folder of the cross-validation to plot, if one is named.

    Raises:
        ConfigError: two are named.
    """
    if not settings.run_recovery_id:
        return settings.crossval_dir
    if settings.crossval_dir:
        raise ConfigError(
            "crossval_dir and run_recovery_id are both given; each names the cross-validation to plot."
        )
    return place_of(settings.run_recovery_id, fetch)


def place_of(text: str, fetch: FetchRun) -> Path:
    """Return the folder that a user names, or the one with what was fetched of a run in AzureML."""
    return fetch(text) if is_in_the_cloud(text) else Path(text).expanduser()


def results_of(folder: Path) -> Path:
    """Return the folder of the ensemble where a fetched cross-validation has no other results."""
    ensemble = folder / CROSSVAL_RESULTS / ENSEMBLE
    return ensemble if ensemble.is_dir() and not any(folder.glob("epoch_*")) else folder


def require_apart(runs: list[RunResults], folder: Path) -> None:
    """Refuse two runs of one name or place, and a folder for the results that holds a run.

    Raises:
        ConfigError: what is wrong, with its name.
    """
    names = [run.name for run in runs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError(
            f"Two runs are called '{twice[0]}'; give names by run_names or comparison_labels."
        )
    places = [sorted(str(path.resolve()) for path in run.metrics.values()) for run in runs]
    for run, place in zip(runs, places, strict=True):
        if places.count(place) > 1:
            raise ConfigError(f"The run '{run.name}' is given twice; give each run once.")
    own = [RUN_IDENTITY, METRICS_CSV, CROSSVAL_RESULTS, ENSEMBLE]
    held = [name for name in own if (folder / name).exists()]
    held += [path.name for path in sorted(folder.glob("epoch_*"))]
    if runs and held:
        raise ConfigError(
            f"outputs_directory={folder} holds a run ({held[0]}); name another folder for the "
            "comparison, such as outputs_directory=comparison."
        )


def crossval_runs(
    settings: ComparisonSettings, folder: Path, model: ModelConfig, fetch: FetchRun
) -> tuple[list[RunResults], list[RunResults]]:
    """Return the folds and the ensemble, and the further runs."""
    folds = find_crossval_runs(
        folder,
        epoch=settings.epoch,
        first_index=0 if settings.is_zero_index else 1,
        number_of_cross_validation_splits=model.number_of_cross_validation_splits,
    )
    others = stated_runs(
        settings.comparison_run_recovery_ids,
        settings.comparison_labels,
        settings,
        "comparison_labels",
        fetch,
    )
    return folds, others


def stated_runs(
    places: list[str], names: list[str], settings: ComparisonSettings, field: str, fetch: FetchRun
) -> list[RunResults]:
    """Return the results of the runs at some places, under the given names or those of the folders."""
    if names and len(names) != len(places):
        raise ConfigError(
            f"{field} has {len(names)} for {len(places)} runs; give one name to each."
        )
    if len(set(names)) != len(names):
        raise ConfigError(f"{field} holds a name twice: {', '.join(names)}.")
    folders = [place_of(place, fetch) for place in places]
    names = names or (unique_names(folders) if folders else [])
    paths = [
        results_of(folder) if is_in_the_cloud(place) else folder
        for place, folder in zip(places, folders, strict=True)
    ]
    return [
        find_run(path, name=name, epoch=settings.epoch)
        for path, name in zip(paths, names, strict=True)
    ]


def analysis_of(
    runs: list[RunResults],
    against: tuple[str, ...],
    settings: ComparisonSettings,
    model: ModelConfig,
    *,
    is_crossval: bool,
) -> Analysis:
    """Return the files of a comparison of these runs."""
    modes = [mode for mode in Split if any(mode in run.metrics for run in runs)]
    structures = {
        str(name)
        for run in runs
        for mode in run.metrics
        for name in read_run_metrics(run, mode)[STRUCTURE]
    }
    evaluation = getattr(model, "evaluation_set_name")  # noqa: B009  a field of segmentation models
    return Analysis(
        folder=settings.outputs_directory,
        kind=CROSS_VALIDATION if is_crossval else "",
        compared=tuple(run.name for run in runs if evaluation in run.metrics),
        structures=tuple(sorted(structures)),
        modes=tuple(modes),
        against=against,
        with_plots=settings.create_plots and bool(runs),
        with_folds=is_crossval,
    )
