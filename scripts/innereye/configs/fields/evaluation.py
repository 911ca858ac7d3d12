"""What happens after training: inference, scores, plots, reports?"""

from typing import Annotated

from pydantic import BeforeValidator

from innereye.configs.fields.base import Fields
from innereye.configs.readers import Form, choice_of, choices, read_pairs
from innereye.configs.values import (
    BetweenZeroAndOne,
    Bool,
    Count,
    Names,
    OptionalBool,
    OptionalPath,
    PositiveReal,
    RealFromZero,
    Text,
    WholeFromZero,
)
from innereye.names import EnsembleAggregationType, Split


class WorkflowFields(Fields):
    """Which results are asked for."""

    train: Bool = True
    """Train a network; False only evaluates one that there is."""
    number_of_cross_validation_splits: WholeFromZero = 0
    """Folds of the cross-validation; 0 trains a single model."""
    inference_on_train_set: OptionalBool = None
    """Apply the model to Train; None means no."""
    inference_on_val_set: OptionalBool = None
    """Apply the model to Val; None means yes."""
    inference_on_test_set: OptionalBool = None
    """Apply the model to Test; None means yes."""
    ensemble_inference_on_train_set: OptionalBool = None
    """Apply the ensemble to Train; None means no."""
    ensemble_inference_on_val_set: OptionalBool = None
    """Apply the ensemble to Val; None means no."""
    ensemble_inference_on_test_set: OptionalBool = None
    """Apply the ensemble to Test; None means yes."""
    regression_test_folder: OptionalPath = None
    """Folder whose OUTPUT holds files as they are expected in outputs_dir; a difference is a fault."""
    regression_test_csv_tolerance: RealFromZero = 0.0
    """Relative difference that numbers in the expected tables may have."""


class EnsembleFields(Fields):
    """How the models of a cross-validation work together."""

    ensemble_aggregation_type: Annotated[
        EnsembleAggregationType,
        choice_of(EnsembleAggregationType),
        choices(EnsembleAggregationType),
    ] = EnsembleAggregationType.AVERAGE
    """How the posteriors of the members become one."""


class StatisticsFields(Fields):
    """How runs are compared."""

    wilcoxon_test_p_value: BetweenZeroAndOne = 0.05
    """Two-sided level at which one run is called better or worse than another."""
    evaluation_set_name: Annotated[Split, choice_of(Split), choices(Split)] = Split.TEST
    """Split on which runs are compared by tests."""
    ignore_subjects: Names = []
    """Subjects left out when runs are compared."""


class BaselineFields(Fields):
    """Which earlier runs is the model compared with?"""

    comparison_blob_storage_paths: Annotated[
        list[tuple[Text, Text]],
        BeforeValidator(read_pairs),
        Form("names and folders of earlier runs, such as old=/runs/old/outputs,older=/runs/older"),
    ] = []
    """Earlier runs: a name, and the folder of its outputs."""


class ScoreFields(Fields):
    """How segmentations are scored."""

    surface_dice_tolerance_mm: PositiveReal = 1.0
    """Distance up to which two surfaces count as equal in the normalised surface Dice."""


class PlotFields(Fields):
    """How plots look."""

    is_plotting_enabled: Bool = True
    """Draw box plots and thumbnails."""
    plot_dpi: Count = 150
    """Resolution of plots."""


class OutlierFields(Fields):
    """What counts as an outlier."""

    outlier_range: PositiveReal = 3.0
    """Standard deviations from the mean of a structure, on the bad side."""


class ReportFields(Fields):
    """What the report holds."""

    generate_report: Bool = True
    """Write report.ipynb and report.html."""
    max_worst_subjects: Count = 20
    """Rows of the table of worst subjects."""
