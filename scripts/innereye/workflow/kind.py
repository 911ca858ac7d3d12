"""In what do runs of segmentation models and of scalar models differ? Their stages and their files."""

from collections.abc import Mapping
from dataclasses import dataclass

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.model_config import ModelConfig
from innereye.configs.stages.settings import StageSettings
from innereye.errors import ConfigError
from innereye.metrics.scalar.columns import METRICS_AGGREGATES_CSV, MODEL_OUTPUTS_CSV
from innereye.names import (
    DATASET_CSV,
    DATASET_ID_TXT,
    DROPPED_ITEMS_CSV,
    GROUND_TRUTH_IDS_TXT,
    IMAGE_CHANNEL_IDS_TXT,
    METRICS_CSV,
    SEGMENTATIONS_CSV,
    SPLIT_CSV,
    SURFACE_METRICS_CSV,
)
from innereye.workflow.stages import SCALAR_STAGES, STAGES


@dataclass(frozen=True)
class Kind:
    """A kind of model.

    `results` are the files of a split in a test epoch, `plots` those that is_plotting_enabled adds,
    `of_run` those of a run beside what all runs have. `makes_results` are the stages whose code a run
    notes; `elsewhere` is the one that a packaged model is used by.
    """

    words: str
    stages: Mapping[str, tuple[type[StageSettings], str]]
    makes_results: tuple[str, ...]
    elsewhere: str
    results: tuple[str, ...]
    plots: tuple[str, ...] = ()
    of_run: tuple[str, ...] = ()
    has_card: bool = True

    def stage(self, name: str, model: str) -> tuple[type[StageSettings], str]:
        """Return settings and module of a stage.

        Raises:
            ConfigError: models of this kind have no such stage.
        """
        if name not in self.stages:
            raise ConfigError(
                f"{model} is a {self.words} model, for which there is no {name.replace('_', ' ')}."
            )
        return self.stages[name]


SEGMENTATION = Kind(
    words="segmentation",
    stages=STAGES,
    makes_results=("train", "segment", "score"),
    elsewhere="scan",
    results=(
        SEGMENTATIONS_CSV,
        METRICS_CSV,
        SURFACE_METRICS_CSV,
        METRICS_AGGREGATES_CSV,
        "outliers.csv",
        DATASET_ID_TXT,
        GROUND_TRUTH_IDS_TXT,
        IMAGE_CHANNEL_IDS_TXT,
        DATASET_CSV,
        *SPLIT_CSV.values(),
    ),
    plots=("metrics_boxplot.png", "thumbnails/thumbnails.csv"),
)
SCALAR = Kind(
    words="classification or regression",
    stages=SCALAR_STAGES,
    makes_results=("train", "classify"),
    elsewhere="classify",
    results=(METRICS_CSV, MODEL_OUTPUTS_CSV, METRICS_AGGREGATES_CSV),
    of_run=(DROPPED_ITEMS_CSV,),
    has_card=False,
)


def kind_of(model: ModelConfig) -> Kind:
    """Return the kind of a model."""
    return SCALAR if isinstance(model, ScalarModelBase) else SEGMENTATION
