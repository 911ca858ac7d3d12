"""Glaucoma in optical coherence tomography of the eye."""

from typing import Any

from innereye.configs.classification.ScalarModelBase import ScalarModelBase


class GlaucomaPublic(ScalarModelBase):
    """Glaucoma or none, from one OCT volume; five convolutions, their mean, and a linear layer."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "azure_dataset_id": "glaucoma_public_dataset",
                "subject_column": "subject",
                "image_channels": ["image"],
                "image_file_column": "filePath",
                "label_channels": ["image"],
                "label_value_column": "label",
                "architecture": "PlainEncoder",
                "num_encoder_blocks": 5,
                "initial_feature_channels": 32,
                "kernel_size_per_encoding_block": [
                    (7, 7, 7),
                    (5, 5, 5),
                    (3, 3, 3),
                    (3, 3, 3),
                    (3, 3, 3),
                ],
                "stride_size_per_encoding_block": [(2, 2, 2), *[(1, 1, 1)] * 4],
                "zero_padding": True,
                "num_epochs": 50,
                "train_batch_size": 64,
                "use_mixed_precision": True,
                "num_dataload_workers": 0,
                "split_proportions": (0.8, 0.1, 0.1),
                **values,
            }
        )
