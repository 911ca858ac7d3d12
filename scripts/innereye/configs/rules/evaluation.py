"""Is there something to evaluate, and something to compare the results with?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.classification.ScalarModelBase import ScalarModelBase
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

PLACES_OF_WEIGHTS = ("local_weights_path", "weights_url", "model_id")
EXPECTED_FOLDERS = ("OUTPUT", "AZUREML_OUTPUT", "AZUREML_PARENT_OUTPUT")


def evaluated_model_is_named(model: "SegmentationModelBase | ScalarModelBase") -> list[str]:
    """Where nothing is trained, one place says which checkpoints are evaluated, at one epoch."""
    stated = [name for name in PLACES_OF_WEIGHTS if getattr(model, name)]
    allowed = f"{', '.join(PLACES_OF_WEIGHTS[:-1])} or {PLACES_OF_WEIGHTS[-1]}"
    if len(stated) > 1:
        return [f"{' and '.join(stated)} are both given; one of {allowed} names the model."]
    if model.train:
        return []
    complaints = []
    if not stated:
        complaints.append(
            f"train=False leaves nothing to evaluate: give {allowed}. Results of an earlier call stay "
            "as they are while nothing that they depend on changes."
        )
    if model.number_of_cross_validation_splits > 1:
        complaints.append(
            "train=False evaluates one model or ensemble; number_of_cross_validation_splits="
            f"{model.number_of_cross_validation_splits} would train. Set it to 0."
        )
    if len(epochs := model.test_epochs or []) > 1:
        complaints.append(
            f"test_epochs is {','.join(map(str, epochs))}; with train=False there is one, which names the "
            "folder of the results."
        )
    return complaints


def expected_files_are_there(model: "SegmentationModelBase | ScalarModelBase") -> list[str]:
    """The folder with expected results has one of the folders that are looked at."""
    folder = model.regression_test_folder
    if folder is None or any((folder / name).is_dir() for name in EXPECTED_FOLDERS):
        return []
    return [
        f"regression_test_folder {folder} has no folder OUTPUT with the files that are expected in "
        "outputs_dir."
    ]
