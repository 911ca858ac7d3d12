"""Which runs does a cross-validation have, and which files compare them?"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from innereye.configs.model_config import ModelConfig
from innereye.metrics.scalar.columns import METRICS_AGGREGATES_CSV
from innereye.names import (
    CROSSVAL_RESULTS,
    ENSEMBLE,
    FINAL_ENSEMBLE_MODEL,
    FINAL_MODEL,
    METRICS_ACROSS_ALL_RUNS_CSV,
    MODEL_INFERENCE_CONFIG_JSON,
    Split,
)
from innereye.workflow.analysis import CROSS_VALIDATION, Analysis
from innereye.workflow.kind import SCALAR, kind_of

DEFAULT_FOLDS = 5
REPORTED_EPOCH_JSON = "reported_epoch.json"
MODEL_CARD_MD = "model_card.md"


@dataclass(frozen=True, eq=False)
class Crossval:
    """The folds of a model and their ensemble, below the folder of the outputs."""

    outputs: str
    model: ModelConfig

    @property
    def is_configured(self) -> bool:
        """Does the config ask for a cross-validation? Without it one is made as a target only."""
        return self.model.number_of_cross_validation_splits > 1

    @property
    def number_of_folds(self) -> int:
        """Folds as configured, or five when the target alone asks for them."""
        return self.model.number_of_cross_validation_splits or DEFAULT_FOLDS

    @property
    def folder(self) -> str:
        """Folder of all folds, the ensemble, and their comparison."""
        return f"{self.outputs}/{CROSSVAL_RESULTS}"

    @property
    def folds(self) -> list[str]:
        """Run folders of the folds."""
        return [f"{self.folder}/{fold}" for fold in range(self.number_of_folds)]

    @property
    def ensemble(self) -> str:
        """Run folder of the ensemble."""
        return f"{self.folder}/{ENSEMBLE}"

    @property
    def fold_splits(self) -> list[str]:
        """The splits that a single model or a fold segments: Val and Test unless stated otherwise."""
        defaults = {Split.TRAIN: False, Split.VAL: True, Split.TEST: True}
        return self._splits("inference_on_{}_set", defaults)

    @property
    def ensemble_splits(self) -> list[str]:
        """The splits that the ensemble segments: Test unless stated otherwise."""
        defaults = {Split.TRAIN: False, Split.VAL: False, Split.TEST: True}
        return self._splits("ensemble_inference_on_{}_set", defaults)

    @property
    def trained(self) -> str:
        """Pattern of the run folders in which a model is trained."""
        folds = rf"{re.escape(self.folder)}/\d+"
        return folds if self.is_configured else rf"{re.escape(self.outputs)}|{folds}"

    @property
    def evaluated(self) -> str:
        """Pattern of the run folders that have results of their own."""
        return f"{self.trained}|{re.escape(self.ensemble)}"

    @property
    def any_run(self) -> str:
        """Pattern of all run folders; in a cross-validation `outputs` holds what the ensemble gives."""
        return f"{self.evaluated}|{re.escape(self.outputs)}"

    @property
    def reported_epoch(self) -> str:
        """The file that says which epoch of all folds is compared."""
        return f"{self.folder}/{REPORTED_EPOCH_JSON}"

    @property
    def model_folder(self) -> str:
        """Folder with all that the ensemble needs to be used elsewhere."""
        return f"{self.outputs}/{FINAL_ENSEMBLE_MODEL}"

    @property
    def final_model(self) -> str:
        """The file that describes the model folder of a run, below the run's folder."""
        return f"{FINAL_MODEL}/{MODEL_INFERENCE_CONFIG_JSON}"

    @property
    def model_config(self) -> str:
        """The file that describes the model folder of the ensemble."""
        return f"{self.model_folder}/{MODEL_INFERENCE_CONFIG_JSON}"

    @property
    def final_card(self) -> str:
        """The card in the model folder of a run, below the run's folder."""
        return f"{FINAL_MODEL}/{MODEL_CARD_MD}"

    @property
    def model_card(self) -> str:
        """The card in the model folder of the ensemble."""
        return f"{self.model_folder}/{MODEL_CARD_MD}"

    @cached_property
    def analysis(self) -> Analysis:
        """The comparison of the folds and the ensemble."""
        compared = [str(fold) for fold in range(self.number_of_folds)]
        # Runs of scalar models are not tested against each other.
        evaluation = getattr(self.model, "evaluation_set_name", None)
        if evaluation is Split.TEST and Split.TEST in self.ensemble_splits:
            compared.append(ENSEMBLE)
        return Analysis(
            folder=self.folder,
            kind=CROSS_VALIDATION,
            compared=tuple(compared) if evaluation in self.fold_splits else (),
            structures=tuple(getattr(self.model, "ground_truth_ids", ())),
            modes=tuple(m for m in (Split.VAL, Split.TEST) if m in self.fold_splits),
            with_plots=self._field("is_plotting_enabled"),
            with_folds=True,
        )

    @property
    def pooled(self) -> dict[str, str]:
        """The tables of all folds of a scalar model: their rows, and metrics computed on all of them."""
        names = {"table": METRICS_ACROSS_ALL_RUNS_CSV, "aggregates": METRICS_AGGREGATES_CSV}
        return {key: f"{self.folder}/{name}" for key, name in names.items()}

    @property
    def compared_files(self) -> list[str]:
        """The files that put the folds side by side."""
        is_scalar = kind_of(self.model) is SCALAR
        return [*self.pooled.values()] if is_scalar else self.analysis.files

    def unknown_fold(self, run: str) -> str:
        """Say that a fold does not exist, or return nothing where it does."""
        name = run.rpartition("/")[2]
        if not self.model.train and run != self.outputs:
            return (
                "train=False evaluates one model or ensemble in outputs_dir; a cross-validation has "
                f"folds of its own. Leave train=False out, or ask for targets in {self.outputs}."
            )
        if run in (self.outputs, self.ensemble) or int(name) < self.number_of_folds:
            return ""
        return (
            f"There is no fold {name}: number_of_cross_validation_splits={self.number_of_folds} "
            f"makes the folds 0 to {self.number_of_folds - 1}."
        )

    def _splits(self, field: str, defaults: dict[Split, bool]) -> list[str]:
        stated = {split: self._field(field.format(split.lower())) for split in defaults}
        return [str(s) for s, on in defaults.items() if (on if stated[s] is None else stated[s])]

    def _field(self, name: str) -> Any:
        return getattr(self.model, name)
