"""Does each structure have what is stated structure by structure?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

PER_STRUCTURE = (
    "ground_truth_ids_display_names",
    "colours",
    "fill_holes",
    "roi_interpreted_types",
)


def each_structure_is_described(model: "SegmentationModelBase") -> list[str]:
    """What is stated for each structure has one item for each of ground_truth_ids."""
    wanted = len(model.ground_truth_ids)
    stated = {name: getattr(model, name) for name in PER_STRUCTURE}
    return [
        f"{name} needs {wanted} items, one for each of ground_truth_ids; got {len(items)}."
        for name, items in stated.items()
        if items is not None and len(items) != wanted
    ]
