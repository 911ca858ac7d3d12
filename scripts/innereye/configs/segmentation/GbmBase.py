"""Tumours of the brain (glioblastoma) in MRI."""

from typing import Any

from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

WHITE = (255, 255, 255)


class GbmBase(SegmentationModelBase):
    """The mass of a glioblastoma in one MRI sequence. Partial: inherit, and state a data set."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "image_channels": ["mr"],
                "ground_truth_ids": ["tumour_mass"],
                "architecture": "UNet3D",
                "feature_channels": [32],
                "kernel_size": 3,
                "crop_size": (64, 192, 160),
                "test_crop_size": (256, 320, 320),
                "inference_stride_size": (128, 160, 160),
                "inference_batch_size": 1,
                "train_batch_size": 8,
                "num_epochs": 200,
                "norm_method": "MRI Window",
                "sharpen": 2.5,
                "tail": [1.0],
                "trim_percentiles": (1, 99),
                "l_rate": 1e-3,
                "l_rate_polynomial_gamma": 0.9,
                "momentum": 0.9,
                "use_mixed_precision": True,
                "split_proportions": (0.6, 0.2, 0.2),
                "split_by_institution": True,
                **values,
            }
        )

    def structure_defaults(self) -> dict[str, Any]:
        """Return white for every structure."""
        return {**super().structure_defaults(), "colours": [WHITE] * len(self.ground_truth_ids)}
