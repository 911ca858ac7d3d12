"""Which finished runs does a user put side by side, or go on with?"""

from pydantic import BaseModel, ConfigDict

from innereye.configs.values import (
    Bool,
    Folder,
    Names,
    OptionalCount,
    OptionalPath,
    OptionalText,
)


class ComparisonSettings(BaseModel):
    """Keys of the targets compare_runs and plot_cross_validation."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, protected_namespaces=()
    )

    runs: Names = []
    """Runs for the target compare_runs: folders, EXPERIMENT:RUN, or files summary.json of nnU-Net."""
    run_names: Names = []
    """Names of these runs, in their order; without them the folders give the names."""
    crossval_dir: OptionalPath = None
    """Folder of a cross-validation for the target plot_cross_validation."""
    epoch: OptionalCount = None
    """Test epoch that is compared; None means the last with scores."""
    comparison_run_recovery_ids: Names = []
    """Further runs, folders or EXPERIMENT:RUN, that plot_cross_validation compares with the folds."""
    comparison_labels: Names = []
    """Short names of these further runs, in their order."""
    compare_all_against_all: Bool = False
    """Compare the further runs with each other as well."""
    is_zero_index: Bool = True
    """Count the folds from 0; False counts from 1."""
    create_plots: Bool = True
    """Draw box plots and scatter plots."""
    outputs_directory: Folder = "comparison"
    """Folder for what compare_runs and plot_cross_validation write."""
    run_recovery_id: OptionalText = None
    """Run in AzureML, EXPERIMENT:RUN, whose checkpoints a training goes on with; plot_cross_validation plots
    it, or the run of a folder."""
    recover_from: OptionalPath = None
    """Folder of a run on this machine, such as old/outputs, whose checkpoints a training goes on with."""
    start_epoch: OptionalCount = None
    """Epoch of the checkpoint that training goes on with; None means the last."""
