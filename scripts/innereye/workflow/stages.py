"""Which fields and which code does each stage of the pipeline depend on?"""

from innereye.configs.stages.card import CardSettings
from innereye.configs.stages.check import CheckSettings
from innereye.configs.stages.check_items import CheckItemsSettings
from innereye.configs.stages.classify import ClassifySettings
from innereye.configs.stages.dataset_report import DatasetReportSettings
from innereye.configs.stages.export import ExportSettings
from innereye.configs.stages.normalized_images import NormalizedImagesSettings
from innereye.configs.stages.outliers import OutlierSettings
from innereye.configs.stages.patch_sampling import PatchSamplingSettings
from innereye.configs.stages.plot import PlotSettings
from innereye.configs.stages.report import ReportSettings
from innereye.configs.stages.scalar_report import ScalarReportSettings
from innereye.configs.stages.scalar_train import ScalarTrainSettings
from innereye.configs.stages.scan import ScanSettings
from innereye.configs.stages.score import ScoreSettings
from innereye.configs.stages.segment import EnsembleSettings, SegmentSettings
from innereye.configs.stages.settings import StageSettings
from innereye.configs.stages.statistics import StatisticsSettings
from innereye.configs.stages.train import TrainSettings

# The settings of a stage, and the module whose import closure makes its result.
STAGES: dict[str, tuple[type[StageSettings], str]] = {
    "check": (CheckSettings, "innereye.data.check"),
    "dataset_report": (DatasetReportSettings, "innereye.reports.dataset_report"),
    "normalized_images": (NormalizedImagesSettings, "innereye.reports.normalized_images"),
    "train": (TrainSettings, "innereye.training.train"),
    "patch_sampling": (PatchSamplingSettings, "innereye.reports.patch_sampling"),
    "segment": (SegmentSettings, "innereye.inference.segment"),
    "ensemble": (EnsembleSettings, "innereye.inference.segment"),
    "scan": (ScanSettings, "innereye.inference.segment_scan"),
    "package": (StageSettings, "innereye.inference.model_folder"),
    "export": (ExportSettings, "innereye.inference.export"),
    "score": (ScoreSettings, "innereye.metrics.score"),
    "aggregate": (StageSettings, "innereye.metrics.aggregates"),
    "outliers": (OutlierSettings, "innereye.metrics.outliers"),
    "boxplot": (PlotSettings, "innereye.reports.boxplot"),
    "curves": (StageSettings, "innereye.reports.learning_curves"),
    "thumbnails": (PlotSettings, "innereye.reports.thumbnails"),
    "report": (ReportSettings, "innereye.reports.report_run"),
    "card": (CardSettings, "innereye.reports.model_card"),
    "expected": (StageSettings, "innereye.reports.compare_with_expected"),
    "baselines": (StageSettings, "innereye.metrics.runs.baselines"),
    "collect": (StageSettings, "innereye.metrics.runs.collection"),
    "statistics": (StatisticsSettings, "innereye.metrics.statistics.statistics_files"),
    "run_outliers": (OutlierSettings, "innereye.metrics.runs.outlier_files"),
    "split_plots": (StageSettings, "innereye.reports.all_runs_plots"),
    "scatterplots": (StageSettings, "innereye.reports.all_runs_plots"),
}

# The same for scalar models; stages of one name are those of the same rule.
SCALAR_STAGES: dict[str, tuple[type[StageSettings], str]] = {
    "check": (CheckItemsSettings, "innereye.data.scalar.check"),
    "train": (ScalarTrainSettings, "innereye.training.scalar.train"),
    "classify": (ClassifySettings, "innereye.inference.scalar.classify"),
    "ensemble": (ClassifySettings, "innereye.inference.scalar.classify"),
    "package": (StageSettings, "innereye.inference.model_folder"),
    "aggregate": (StageSettings, "innereye.metrics.scalar.pooled_files"),
    "curves": (StageSettings, "innereye.reports.learning_curves"),
    # The rule is there for all models; no run of a scalar model asks for it (`Kind.has_card`).
    "card": (StageSettings, "innereye.reports.model_card"),
    "report": (ScalarReportSettings, "innereye.reports.scalar_report_run"),
    "expected": (StageSettings, "innereye.reports.compare_with_expected"),
    "collect": (StageSettings, "innereye.metrics.scalar.pooled_files"),
}
