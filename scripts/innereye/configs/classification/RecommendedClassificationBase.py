"""Which defaults do we recommend for a classification or regression?"""

from typing import Any

from innereye.configs.classification.ScalarModelBase import ScalarModelBase


class RecommendedClassificationBase(ScalarModelBase):
    """Our defaults: a residual encoder, random changes, AdamW. Partial: inherit from it.

    For a regression state loss_type MeanSquaredError; all else suits it, too.
    """

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "norm_method": "Simple Norm",
                "num_epochs": 60,
                "train_batch_size": 8,
                "optimizer_type": "AdamW",
                "l_rate": 1e-3,
                "min_l_rate": 1e-5,
                "l_rate_scheduler": "Cosine",
                "l_rate_warmup": "Linear",
                "l_rate_warmup_epochs": 3,
                "opt_eps": 1e-8,
                "weight_decay": 1e-2,
                "gradient_clip_norm": 1.0,
                "use_mixed_precision": True,
                # Mirrored images, and any that are turned far, are other images in medicine.
                "random_rotation_degrees": (10.0, 10.0, 10.0),
                "random_scaling": (0.9, 1.1),
                "random_shift": (0.05, 0.05, 0.05),
                "random_contrast": (0.9, 1.1),
                "random_noise_std": 0.01,
                "augmentation_probability": 0.5,
                "exact_split": True,
                **values,
            }
        )
