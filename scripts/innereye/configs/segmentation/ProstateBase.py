"""Structures around the prostate in planning CT."""

from typing import Any

from innereye.configs.segmentation.SegmentationModelBase import (
    SegmentationModelBase,
    equally_weighted_classes,
)

RED = (255, 0, 0)


class ProstateBase(SegmentationModelBase):
    """Planning CT of the prostate. Partial: inherit, and state ground_truth_ids and a data set."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "image_channels": ["ct"],
                "architecture": "UNet3D",
                "feature_channels": [32],
                "kernel_size": 3,
                "crop_size": (64, 224, 224),
                "test_crop_size": (128, 512, 512),
                "inference_stride_size": (64, 256, 256),
                "inference_batch_size": 1,
                "train_batch_size": 2,
                "num_epochs": 120,
                "norm_method": "CT Window",
                "level": 50,
                "window": 600,
                "l_rate": 1e-3,
                "min_l_rate": 1e-5,
                "l_rate_polynomial_gamma": 0.9,
                "momentum": 0.9,
                "use_mixed_precision": True,
                "posterior_smoothing_mm": (2, 2, 3),
                "split_proportions": (0.80, 0.05, 0.15),
                **values,
            }
        )

    def default_class_weights(self) -> list[float]:
        """Return 0.02 for the background, as used for the published model, the rest equal."""
        return equally_weighted_classes(self.ground_truth_ids, background_weight=0.02)

    def structure_defaults(self) -> dict[str, Any]:
        """Return the names and looks of the published model, for whichever structures there are."""
        structures = self.ground_truth_ids
        return {
            **super().structure_defaults(),
            "ground_truth_ids_display_names": [f"zz_{name}" for name in structures],
            "colours": [RED] * len(structures),
            "fill_holes": [True] * len(structures),
            "largest_connected_component_foreground_classes": list(structures),
        }
