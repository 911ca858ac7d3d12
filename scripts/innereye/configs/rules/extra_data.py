"""Do the lists of data sets fit together?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def data_sets_fit_together(model: "SegmentationModelBase") -> list[str]:
    """Names, mount points and folders are as many as there are data sets, or none of their kind."""
    complaints = [
        f"{extra} needs {first} for the first data set."
        for extra, first in (
            ("extra_azure_dataset_ids", "azure_dataset_id"),
            ("extra_local_dataset_paths", "local_dataset"),
        )
        if getattr(model, extra) and not getattr(model, first)
    ]
    in_cloud = _count(model.azure_dataset_id, model.extra_azure_dataset_ids)
    points = _count(model.dataset_mountpoint, model.extra_dataset_mountpoints)
    folders = _count(model.local_dataset, model.extra_local_dataset_paths)
    if points not in (0, in_cloud):
        complaints.append(
            f"dataset_mountpoint and extra_dataset_mountpoints name {points} places for {in_cloud} data "
            "sets in the cloud; give one for each, an empty text for any place, or none."
        )
    if model.extra_azure_dataset_ids and folders not in (0, in_cloud):
        complaints.append(
            f"local_dataset and extra_local_dataset_paths name {folders} folders for {in_cloud} data sets "
            "in the cloud; give one for each, or none."
        )
    if model.use_extra_datasets and not model.extra_local_dataset_paths:
        complaints.append(
            "use_extra_datasets needs extra_local_dataset_paths, folders of this machine; data sets in "
            "the cloud are not put together: copy them into one."
        )
    return complaints


def labels_may_be_missing(model: "SegmentationModelBase") -> list[str]:
    """A loss that leaves structures out knows no smoothed labels."""
    if model.allow_incomplete_labels and model.label_smoothing_eps > 0:
        return [
            "label_smoothing_eps gives every class a share of each voxel, and allow_incomplete_labels "
            "leaves out structures that a subject lacks; use one of the two."
        ]
    return []


def _count(first: object, extra: Sequence[object]) -> int:
    """Return how many data sets a first entry and further ones stand for."""
    return 1 + len(extra) if first or extra else 0
