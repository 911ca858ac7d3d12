"""The left and the right hippocampus in MRI of the whole head."""

from typing import Any

from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

WHITE = (255, 255, 255)


class Hippocampus(SegmentationModelBase):
    """Both hippocampi in scans of ADNI; a patient's scans (groupID) stay in one split."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "azure_dataset_id": "adni_hippocampus_L-R_split_minus_holdout",
                "image_channels": ["mri"],
                "ground_truth_ids": ["hippocampus_L", "hippocampus_R"],
                "architecture": "UNet3D",
                "feature_channels": [16],
                "crop_size": (128, 176, 176),
                "inference_batch_size": 1,
                "train_batch_size": 2,
                "num_epochs": 200,
                "norm_method": "MRI Window",
                "sharpen": 2.5,
                "tail": [1.0],
                "trim_percentiles": (1, 99),
                "l_rate": 1e-3,
                "l_rate_polynomial_gamma": 0.9,
                "momentum": 0.9,
                "use_mixed_precision": True,
                "num_dataload_workers": 12,
                "split_proportions": (0.8, 0.1, 0.1),
                "group_column": "groupID",
                **values,
            }
        )

    def structure_defaults(self) -> dict[str, Any]:
        """Return white for every structure."""
        return {**super().structure_defaults(), "colours": [WHITE] * len(self.ground_truth_ids)}
