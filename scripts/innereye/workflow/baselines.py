"""Which earlier runs is a run compared with, and where do the results of the comparison go?"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from innereye.configs.model_config import ModelConfig
from innereye.configs.stages.statistics import StatisticsSettings
from innereye.errors import ConfigError, InnerEyeError, list_faults
from innereye.metrics.runs.find_run import find_run
from innereye.metrics.runs.run_results import RunResults
from innereye.names import (
    BASELINE_COMPARISONS,
    CURRENT,
    DATASET_CSV,
    METRICS_CSV,
    Split,
    epoch_folder,
)
from innereye.workflow.analysis import BASELINE_COMPARISON, Analysis
from innereye.workflow.identity import to_json

FIELD = "comparison_blob_storage_paths"
# Results without an epoch, as those of other programs, get a folder like the others.
WITHOUT_EPOCH = 0


@dataclass(frozen=True, eq=False)
class Baselines:
    """The earlier runs of the field `comparison_blob_storage_paths`."""

    outputs: str
    model: ModelConfig

    @property
    def names(self) -> list[str]:
        """The names that the user gave."""
        return [name for name, _ in self._stated]

    @cached_property
    def places(self) -> dict[str, RunResults]:
        """The results on Test of each earlier run.

        Raises:
            ConfigError: all of those that are not there.
        """
        found: dict[str, RunResults] = {}
        faults: list[str] = []
        for name, place in self._stated:
            try:
                run = find_run(Path(place).expanduser(), name=name)
            except InnerEyeError as error:
                faults.append(f"{name}: {error}")
                continue
            if Split.TEST in run.metrics:
                found[name] = run
            else:
                faults.append(f"{name}: {place} has no results on {Split.TEST}.")
        if faults:
            raise ConfigError(list_faults(f"{FIELD} names runs that cannot be compared:", faults))
        return found

    def folder(self, name: str) -> str:
        """Return the folder with the copy of an earlier run's scores."""
        epoch = self.places[name].epoch
        return f"{self.outputs}/{name}/{epoch_folder(epoch or WITHOUT_EPOCH)}/{Split.TEST}"

    @property
    def copies(self) -> list[str]:
        """The copied scores of all earlier runs."""
        return [f"{self.folder(name)}/{METRICS_CSV}" for name in self.names]

    @property
    def datasets(self) -> list[str]:
        """The copied tables of the data sets of all earlier runs."""
        return [f"{self.folder(name)}/{DATASET_CSV}" for name in self.names]

    @property
    def sources(self) -> dict[str, dict[str, str]]:
        """What is copied: scores and data set of each earlier run."""
        return {
            name: {"metrics": str(run.metrics[Split.TEST]), "dataset": str(run.dataset_csv or "")}
            for name, run in self.places.items()
        }

    @property
    def source_files(self) -> list[str]:
        """The files that are copied; when one of them changes, it is copied anew."""
        return [path for files in self.sources.values() for path in files.values() if path]

    @property
    def single(self) -> Analysis:
        """The comparison of a single model with the earlier runs."""
        return self._analysis(self.outputs)

    @property
    def ensemble(self) -> Analysis:
        """The comparison of the ensemble of a cross-validation with the earlier runs."""
        return self._analysis(f"{self.outputs}/{BASELINE_COMPARISONS}")

    @property
    def statistics_settings(self) -> str:
        """The settings of the comparison, which is always made on Test, as one text."""
        fields = self.model.settings(StatisticsSettings)
        return to_json({**fields, "evaluation_set_name": Split.TEST})

    def _analysis(self, folder: str) -> Analysis:
        return Analysis(
            folder=folder,
            kind=BASELINE_COMPARISON,
            compared=(*self.names, CURRENT),
            structures=(),
            against=(CURRENT,),
            with_plots=self._field("is_plotting_enabled"),
        )

    @property
    def _stated(self) -> list[tuple[str, str]]:
        # Scalar models are compared with no earlier run.
        return getattr(self.model, FIELD, [])

    def _field(self, name: str) -> Any:
        return getattr(self.model, name)
