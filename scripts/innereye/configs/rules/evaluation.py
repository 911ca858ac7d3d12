"""Is there something to evaluate, and something to compare the results with?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

EXPECTED_FOLDERS = ("OUTPUT", "AZUREML_OUTPUT", "AZUREML_PARENT_OUTPUT")


def training_is_not_left_out(model: "SegmentationModelBase") -> list[str]:
    """Results come from a network that this run trains."""
    if model.train:
        return []
    return [
        "train=False leaves nothing to evaluate: the training cannot be left out yet. Results of an "
        "earlier call stay as they are while nothing that they depend on changes."
    ]


def expected_files_are_there(model: "SegmentationModelBase") -> list[str]:
    """The folder with expected results has one of the folders that are looked at."""
    folder = model.regression_test_folder
    if folder is None or any((folder / name).is_dir() for name in EXPECTED_FOLDERS):
        return []
    return [
        f"regression_test_folder {folder} has no folder OUTPUT with the files that are expected in "
        "outputs_dir."
    ]
