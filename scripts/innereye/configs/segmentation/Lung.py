"""Organs at risk of the chest in planning CT."""

import random
from typing import Any

from innereye.configs.segmentation.SegmentationModelBase import (
    SegmentationModelBase,
    equally_weighted_classes,
)
from innereye.configs.subject_lists import SubjectLists

LUNG_DATA_SET = "2339eba2-8ec5-4ccb-86ff-c170470ac6e2_geonorm_with_train_test_split_2020_05_26"
WHITE = (255, 255, 255)
DISPLAY_NAMES = {
    "spinalcord": "SpinalCord",
    "lung_r": "Lung_R",
    "lung_l": "Lung_L",
    "heart": "Heart",
    "esophagus": "Esophagus",
}
IN_ONE_PIECE = ("lung_l", "lung_r", "heart")
TEST_SUBJECTS = tuple(map(str, range(9)))


class Lung(SegmentationModelBase):
    """Five organs at risk of the chest; its data set was published with a split of its own."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "azure_dataset_id": LUNG_DATA_SET,
                "image_channels": ["ct"],
                "ground_truth_ids": list(DISPLAY_NAMES),
                "check_exclusive": False,
                "architecture": "UNet3D",
                "feature_channels": [32],
                "kernel_size": 3,
                "crop_size": (64, 224, 224),
                "test_crop_size": (112, 512, 512),
                "inference_stride_size": (64, 256, 256),
                "inference_batch_size": 1,
                "train_batch_size": 3,
                "num_epochs": 300,
                "norm_method": "CT Window",
                "level": -500,
                "window": 2200,
                "l_rate": 1e-3,
                "min_l_rate": 1e-5,
                "l_rate_polynomial_gamma": 0.9,
                "momentum": 0.9,
                "use_mixed_precision": True,
                **values,
            }
        )

    def default_class_weights(self) -> list[float]:
        """Return 0.02 for the background, the rest equal."""
        return equally_weighted_classes(self.ground_truth_ids, background_weight=0.02)

    def structure_defaults(self) -> dict[str, Any]:
        """Return the names in other programs, and white for every structure."""
        structures = self.ground_truth_ids
        return {
            **super().structure_defaults(),
            "ground_truth_ids_display_names": [
                DISPLAY_NAMES.get(name, name) for name in structures
            ],
            "colours": [WHITE] * len(structures),
            "largest_connected_component_foreground_classes": [
                name for name in IN_ONE_PIECE if name in structures
            ],
        }

    def get_model_train_test_dataset_splits(self, dataset_df: Any) -> SubjectLists:
        """Return subjects 0 to 8 for Test, and of the others a tenth, drawn at random, for Val.

        The draw has a generator of its own with a fixed seed; InnerEye drew anew at each call.
        """
        others = [name for name in dict.fromkeys(dataset_df.subject) if name not in TEST_SUBJECTS]
        val = random.Random(0).sample(others, len(others) // 10)
        train = [name for name in others if name not in val]
        return SubjectLists(train=train, val=val, test=TEST_SUBJECTS)
