"""Does a model say what it sees and finds, under names that can be told apart?"""

from typing import TYPE_CHECKING

from innereye.names import BACKGROUND, subject_folder

if TYPE_CHECKING:
    from innereye.configs.classification.ScalarModelBase import ScalarModelBase
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

MOST_STRUCTURES = 255
PARTIAL_FOR_DATA = "is partial: it has no data set. Inherit from it, or give"


def is_partial(model: "SegmentationModelBase") -> list[str]:
    """A model needs channels, structures and a data set."""
    name = type(model).__name__
    missing = [
        field for field in ("image_channels", "ground_truth_ids") if not getattr(model, field)
    ]
    complaints = []
    if missing:
        passing = " ".join(f"{field}=..." for field in missing)
        complaints.append(
            f"{name} is partial: it has no {' and no '.join(missing)}. "
            f"Inherit from it, or pass {passing}"
        )
    return complaints + lacks_data(model, is_whole=bool(missing) or not name.endswith("Base"))


def lacks_data(model: "SegmentationModelBase | ScalarModelBase", *, is_whole: bool) -> list[str]:
    """A model has a data set; `is_whole` where nobody has to inherit from the class for one."""
    if model.local_dataset is not None or model.azure_dataset_id:
        return []
    lack = "has no data set. Give" if is_whole else PARTIAL_FOR_DATA
    return [
        f"{type(model).__name__} {lack} local_dataset=<folder with {model.dataset_csv}>, "
        "or azure_dataset_id=<folder in the cloud storage>."
    ]


def names_are_distinct(model: "SegmentationModelBase") -> list[str]:
    """Channels, structures and the mask are told apart by their names; a channel may be the mask."""
    mask = [model.mask_id] if model.mask_id and model.mask_id not in model.image_channels else []
    names = [*model.image_channels, *model.ground_truth_ids, *mask]
    twice = sorted({name for name in names if names.count(name) > 1})
    complaints = [
        f"'{name}' occurs twice among image_channels, ground_truth_ids and mask_id."
        for name in twice
    ]
    taken = [name for name in model.ground_truth_ids if is_taken(name)]
    complaints += [
        f"ground_truth_ids must not hold '{name}': a file of the results has that name."
        for name in taken
    ]
    unsafe = [name for name in model.ground_truth_ids if subject_folder(f"x{name}") != f"x{name}"]
    complaints += [
        f"The structure '{name}' cannot be a file name; use letters, digits, '.', '_' and '-'."
        for name in unsafe
    ]
    if len(model.ground_truth_ids) > MOST_STRUCTURES:
        complaints.append(
            f"ground_truth_ids holds {len(model.ground_truth_ids)} structures; volumes of one byte "
            f"have room for {MOST_STRUCTURES}."
        )
    return complaints


def is_taken(name: str) -> bool:
    """Would the mask of this structure overwrite another volume of a subject?"""
    return name in (BACKGROUND, "segmentation", "uncertainty") or name.startswith("posterior_")
