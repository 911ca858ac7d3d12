"""Has the photometric normalisation what it needs?"""

from typing import TYPE_CHECKING

from innereye.names import NormMethod

if TYPE_CHECKING:
    from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


def normalisation_is_complete(model: "SegmentationModelBase") -> list[str]:
    """'MRI Window' has one tail for each channel."""
    channels = len(model.image_channels)
    if model.norm_method != NormMethod.MRI_WINDOW or (model.tail and len(model.tail) == channels):
        return []
    return [f"norm_method 'MRI Window' needs tail, one number for each of {channels} channels."]
