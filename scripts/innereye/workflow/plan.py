"""What does Snakemake need to know of a run, and how do its jobs get their part?

The Snakefile makes one `Plan` while it is parsed (`load`); rules ask it for targets, settings,
fingerprints and hashes of rows; scripts turn them back into settings. Nothing here imports torch or
Snakemake.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from innereye.configs.model_config import ModelConfig
from innereye.configs.run_settings import RunSettings
from innereye.configs.stages.settings import StageSettings
from innereye.data.dataset_view import DatasetView
from innereye.data.scalar.item_view import ItemView
from innereye.names import AZUREML_RECOVERY, SPLIT_CSV, UNCHECKED_DATA
from innereye.provenance.code import fingerprint
from innereye.provenance.parsed_code import ParsedFiles
from innereye.workflow.baselines import FIELD as BASELINES_FIELD
from innereye.workflow.baselines import Baselines
from innereye.workflow.changed_data import changes_of
from innereye.workflow.cloud_data import DataPlace, data_place
from innereye.workflow.comparison import (
    NO_COMPARISON,
    Comparison,
    FetchRun,
    compared_by,
    no_workspace,
)
from innereye.workflow.crossval import Crossval
from innereye.workflow.data_folders import extra_places, place_of
from innereye.workflow.existing_model import ExistingModel
from innereye.workflow.identity import to_json
from innereye.workflow.kind import SCALAR, Kind, kind_of
from innereye.workflow.run_record import identity_of, options_of
from innereye.workflow.scan import Scan
from innereye.workflow.view import view_of

CHECKED_FILES = "checked_files.json"


@dataclass(frozen=True, eq=False)
class Plan:
    """A run as the Snakefile sees it: plain texts, numbers and hashes."""

    settings: RunSettings
    model: ModelConfig
    config: Mapping[str, Any]
    plots_crossval: bool = False
    fetch_run: FetchRun = no_workspace

    @property
    def kind(self) -> Kind:
        """What differs between segmentations and scalar models."""
        return kind_of(self.model)

    @property
    def is_scalar(self) -> bool:
        """Is it a classification or regression?"""
        return self.kind is SCALAR

    @property
    def outputs(self) -> str:
        """Folder of the run."""
        return self.settings.outputs_dir

    @property
    def tag(self) -> str:
        """Beginning of the names of the run's variables; a workflow may hold several runs."""
        return f"INNEREYE_{hashlib.sha256(self.outputs.encode()).hexdigest()[:8]}"

    def export(self, scripts: str) -> None:
        """Set variables with what jobs need and no result depends on.

        A change of these is no reason to run a job again, so they are no `params`.
        """
        values = {
            "SCRIPTS": scripts,
            "MACHINE": to_json(self.machine),
            "CONFIG": to_json(dict(self.config)),
            "WEIGHTS": to_json(self.model.weights_url),
        }
        os.environ.update({f"{self.tag}_{name}": value for name, value in values.items()})
        if self.data.unchecked:
            os.environ[UNCHECKED_DATA] = str(self.data.unchecked)

    def unknown_epoch(self, epoch: str) -> str:
        """Say that an epoch is not evaluated, and which field changes that; nothing where it is."""
        if epoch in self.test_epochs:
            return ""
        known = ",".join(str(int(name)) for name in self.test_epochs)
        return (
            f"Epoch {int(epoch)} is not evaluated: test_epochs={known}. "
            f"Add it with test_epochs={known},{int(epoch)}."
        )

    @cached_property
    def existing_model(self) -> ExistingModel:
        """The model that is evaluated where none is trained."""
        return ExistingModel(self.outputs, self.model)

    @property
    def is_on_node(self) -> bool:
        """Is this process on the node of a cluster? What a user's machine has is not looked for there."""
        return AZUREML_RECOVERY in os.environ

    def scan(self, *, is_sent: bool = False) -> Scan:
        """The scan of the target segment_image; `is_sent` where another machine segments it."""
        return Scan(self.settings, self.field("model_id"), is_sent)

    @property
    def trains(self) -> bool:
        """Does the run train a model?"""
        return not self.existing_model.is_evaluated

    @cached_property
    def crossval(self) -> Crossval:
        """The cross-validation, which exists as a target even where the config asks for none."""
        return Crossval(self.outputs, self.model)

    @cached_property
    def baselines(self) -> Baselines:
        """The earlier runs that this one is compared with; a node has none of them."""
        hidden = {BASELINES_FIELD: ""} if self.data.mounted else {}
        return Baselines(self.outputs, self.model.override(hidden))

    @cached_property
    def comparison(self) -> Comparison:
        """The runs that the targets compare_runs and plot_cross_validation put side by side."""
        if self.is_scalar:
            return NO_COMPARISON
        return compared_by(
            self.settings, self.model, fetch=self.fetch_run, plots_crossval=self.plots_crossval
        )

    @property
    def is_cross_validation(self) -> bool:
        """Does the config ask for a cross-validation?"""
        return self.crossval.is_configured

    @property
    def test_epochs(self) -> list[str]:
        """The epochs that are evaluated, as they stand in folder names."""
        return [f"{epoch:03d}" for epoch in self.field("test_epochs")]

    def run_files(self, run: str) -> list[str]:
        """The files of a run beside those of its epochs."""
        names = ["args.txt", "buildinformation.json", "dataset.csv", *SPLIT_CSV.values()]
        names += [*self.kind.of_run, *self.report_names]
        if run != self.crossval.ensemble and self.trains:
            names += [f"checkpoints/epoch_{epoch}.ckpt" for epoch in self.test_epochs]
            names += ["checkpoints/last.ckpt", "Train/epoch_metrics.csv", "Val/epoch_metrics.csv"]
            names += ["learning_curves.png"] if self.field("is_plotting_enabled") else []
            names += [self.crossval.final_model]
            names += [self.crossval.final_card] if self.kind.has_card else []
        return [f"{run}/{name}" for name in names]

    @property
    def report_names(self) -> list[str]:
        """The files of a run's report, where one is asked for."""
        is_made = self.field("generate_report")
        return ["report.ipynb", "report.html"] if is_made else []

    @property
    def result_names(self) -> list[str]:
        """The files of a split in a test epoch."""
        plots = self.kind.plots if self.field("is_plotting_enabled") else ()
        return [*self.kind.results, *plots]

    def splits_of(self, run: str) -> list[str]:
        """The splits that a run segments: stated, or Val and Test, for the ensemble Test."""
        is_ensemble = run == self.crossval.ensemble
        return self.crossval.ensemble_splits if is_ensemble else self.crossval.fold_splits

    @property
    def has_gpu(self) -> bool:
        """May jobs use a GPU?"""
        return self.model.max_num_gpus != 0

    @property
    def model_name(self) -> str:
        """Name of the model's class."""
        return type(self.model).__name__

    @property
    def model_namespace(self) -> str:
        """Package in which the model's class is found."""
        return type(self.model).__module__.rpartition(".")[0]

    def field(self, name: str) -> Any:
        """Return the value of a field of the model."""
        return getattr(self.model, name)

    def stage_settings(self, stage: str) -> str:
        """Return the fields of a stage that can change its result, as one text."""
        return to_json(self.model.settings(self._stage(stage)[0]))

    def _stage(self, stage: str) -> tuple[type[StageSettings], str]:
        return self.kind.stage(stage, self.model_name)

    @property
    def record(self) -> str:
        """File with what the checks of the data set saw."""
        return f"{self.outputs}/{CHECKED_FILES}"

    @cached_property
    def data(self) -> DataPlace:
        """Where the data set lies."""
        return data_place(self.model)

    @property
    def data_is_local(self) -> bool:
        """Can this machine read the images? Jobs that need them run elsewhere if not."""
        return self.data.images is not None

    @property
    def azureml_data(self) -> str:
        """The data set that a node mounts, or nothing."""
        return self.data.azureml_data

    @property
    def azureml_data_folder(self) -> str:
        """The folder of this machine that a node needs, or nothing."""
        return self.data.azureml_data_folder

    @property
    def machine(self) -> dict[str, Any]:
        """The fields of the machine that this process runs on, which may be a node."""
        return {**self.model.machine(), **place_of(self.data.images)}

    @property
    def place(self) -> str:
        """The place of the images as one text."""
        return to_json({**place_of(self.data.images), **extra_places(self.model)})

    @property
    def place_of_table(self) -> str:
        """The place of the table, and what the check looks for beside the stage's fields, as one text."""
        spacing = self.field("dataset_expected_spacing_xyz")
        expected = {"dataset_expected_spacing_xyz": spacing} if spacing else {}
        table = place_of(self.data.described_in)
        return to_json({**table, **extra_places(self.model), **expected})

    @property
    def options(self) -> dict[str, Any]:
        """All settings and fields of the run, plain, sorted by name."""
        return options_of(self)

    @property
    def identity(self) -> dict[str, Any]:
        """What makes this run another one than yesterday's in the same folder."""
        return identity_of(self)

    @cache  # noqa: B019  one plan lives as long as its process
    def code(self, stage: str) -> str:
        """Return the fingerprint of the code that makes a stage's result."""
        return fingerprint(self._stage(stage)[1], user_files=self.user_files, parsed=self.parsed)

    @cached_property
    def parsed(self) -> ParsedFiles:
        """The source files, each of which several stages use."""
        return ParsedFiles()

    @property
    def code_of_results(self) -> dict[str, str]:
        """The fingerprints of the stages that make results."""
        return {stage: self.code(stage) for stage in self.kind.makes_results}

    @cached_property
    def user_files(self) -> tuple[Path, ...]:
        """Files of the model's class and its parents that are not ours."""
        own = Path(__file__).resolve().parents[1]
        kinds = [kind for kind in type(self.model).__mro__ if issubclass(kind, ModelConfig)]
        files = {Path(str(sys.modules[kind.__module__].__file__)).resolve() for kind in kinds}
        return tuple(sorted(path for path in files if not path.is_relative_to(own)))

    @property
    def changes(self) -> list[str]:
        """What has changed in the data set since the runs in the folder were made, for people."""
        return changes_of(self)

    @cached_property
    def dataset(self) -> DatasetView | ItemView:
        """The data set of the model."""
        return view_of(self.model, Path(self.record), self.crossval.number_of_folds, self.data)
