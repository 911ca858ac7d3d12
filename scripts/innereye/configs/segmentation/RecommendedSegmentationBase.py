"""Which defaults do we recommend for a segmentation model?"""

from typing import Any

from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase


class RecommendedSegmentationBase(SegmentationModelBase):
    """Our defaults: augmentation, a residual encoder, a loss of two parts. Partial: inherit from it."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "architecture": "ResidualUNet3D",
                "normalisation_layer": "InstanceNorm",
                "feature_channels": [32],
                "loss_type": "Mixture",
                "mixture_loss_components": [(0.5, "SoftDice", None), (0.5, "CrossEntropy", None)],
                "l_rate": 3e-3,
                "min_l_rate": 1e-5,
                "l_rate_polynomial_gamma": 0.9,
                "opt_eps": 1e-8,
                "weight_decay": 1e-5,
                "use_mixed_precision": True,
                "random_rotation_degrees": (15.0, 15.0, 15.0),
                "random_scaling": (0.85, 1.15),
                "random_brightness": 0.1,
                "random_contrast": (0.8, 1.25),
                "random_gamma": (0.8, 1.25),
                "random_noise_std": 0.03,
                "augmentation_probability": 0.5,
                # Cropping pads windows with copied edges, which shifts what InstanceNorm evens out.
                "inference_blending": "Gaussian",
                "exact_split": True,
                **values,
            }
        )
