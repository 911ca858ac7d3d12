"""Can the earlier runs lie beside the run?"""

from typing import TYPE_CHECKING

from innereye.names import (
    BASELINE_COMPARISONS,
    CHECKPOINTS,
    CROSSVAL_RESULTS,
    CURRENT,
    FINAL_ENSEMBLE_MODEL,
    REPORT_PICTURES,
    SCATTERPLOTS,
    Split,
    subject_folder,
)

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def baselines_have_names(model: "SegmentationModelBase") -> list[str]:
    """Each earlier run has a folder of its own beside the run's own files."""
    names = [name for name, _ in model.comparison_blob_storage_paths]
    twice = sorted({name for name in names if names.count(name) > 1})
    complaints = [f"comparison_blob_storage_paths names '{name}' twice." for name in twice]
    wrong = [
        name for name in names if is_folder_of_run(name) or subject_folder(f"x{name}") != f"x{name}"
    ]
    return complaints + [
        f"comparison_blob_storage_paths must not name a run '{name}'; use letters, digits, '.', '_' "
        "and '-', and no name of the run's own folders."
        for name in wrong
    ]


def is_folder_of_run(name: str) -> bool:
    """Does a run's folder hold a folder of this name already?"""
    own = {*Split, CHECKPOINTS, CROSSVAL_RESULTS, BASELINE_COMPARISONS, SCATTERPLOTS, CURRENT}
    own |= {FINAL_ENSEMBLE_MODEL, REPORT_PICTURES, "logs", "final_model"}
    return name in own or name.startswith("epoch_")
