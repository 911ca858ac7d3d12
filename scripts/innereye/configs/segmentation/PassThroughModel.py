"""A network that learns nothing and answers with one picture: what does the pipeline around it do?"""

from typing import Any

from innereye.configs.segmentation.Lung import DISPLAY_NAMES, LUNG_DATA_SET
from innereye.configs.segmentation.SegmentationModelBase import (
    SegmentationModelBase,
    equally_weighted_classes,
)


class PassThroughModel(SegmentationModelBase):
    """Rings around the centre of each slice, whatever the image; one subject in each split."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "azure_dataset_id": LUNG_DATA_SET,
                "image_channels": ["ct"],
                "ground_truth_ids": list(DISPLAY_NAMES),
                "architecture": "PassThrough",
                "feature_channels": [1],
                "crop_size": (64, 224, 224),
                "inference_batch_size": 1,
                "num_epochs": 1,
                "num_dataload_workers": 1,
                "max_num_gpus": 1,
                "train_subjects": ["1"],
                "val_subjects": ["3"],
                "test_subjects": ["2"],
                **values,
            }
        )

    def default_class_weights(self) -> list[float]:
        """Return 0.02 for the background, the rest equal."""
        return equally_weighted_classes(self.ground_truth_ids, background_weight=0.02)

    def structure_defaults(self) -> dict[str, Any]:
        """Return the names in other programs."""
        names = [DISPLAY_NAMES.get(name, name) for name in self.ground_truth_ids]
        return {**super().structure_defaults(), "ground_truth_ids_display_names": names}
