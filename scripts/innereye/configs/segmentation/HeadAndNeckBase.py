"""Structures of the head and neck in planning CT."""

from typing import Any

from innereye.configs.segmentation.SegmentationModelBase import (
    SegmentationModelBase,
    equally_weighted_classes,
)

# InnerEye narrows the network beyond this number of structures.
MOST_STRUCTURES_OF_WIDE_NETWORK = 20


class HeadAndNeckBase(SegmentationModelBase):
    """Planning CT of head and neck. Partial: inherit, and state ground_truth_ids and a data set."""

    def __init__(self, **values: Any) -> None:
        structures = values.get("ground_truth_ids") or []
        is_wide = len(structures) <= MOST_STRUCTURES_OF_WIDE_NETWORK
        super().__init__(
            **{
                "image_channels": ["ct"],
                "architecture": "UNet3D",
                "feature_channels": [32 if is_wide else 26],
                "kernel_size": 3,
                "crop_size": (96, 288, 288),
                "test_crop_size": (144, 512, 512),
                "inference_stride_size": (72, 256, 256),
                "inference_batch_size": 1,
                "train_batch_size": 1,
                "num_epochs": 120,
                "norm_method": "CT Window",
                "level": 50,
                "window": 600,
                "loss_type": "Mixture",
                "mixture_loss_components": [(0.5, "Focal", 0.2), (0.5, "SoftDice", 0.1)],
                "l_rate": 1e-3,
                "min_l_rate": 1e-5,
                "l_rate_polynomial_gamma": 0.9,
                "momentum": 0.9,
                "use_mixed_precision": True,
                "split_proportions": (0.80, 0.05, 0.15),
                **values,
            }
        )

    def default_class_weights(self) -> list[float]:
        """Return 0.02 for the background, 0.25 beside a single structure, the rest equal."""
        background_weight = 0.25 if len(self.ground_truth_ids) == 1 else 0.02
        return equally_weighted_classes(self.ground_truth_ids, background_weight)

    def structure_defaults(self) -> dict[str, Any]:
        """Return the names and looks of the published model, for whichever structures there are."""
        structures = self.ground_truth_ids
        return {
            **super().structure_defaults(),
            "ground_truth_ids_display_names": [f"zz_{name}" for name in structures],
            "fill_holes": [True] * len(structures),
            "largest_connected_component_foreground_classes": list(structures),
        }
