"""Several classes at once, by one convolution: for trying things out."""

from typing import Any

from innereye.configs.classification.ScalarModelBase import ScalarModelBase


class DummyMulticlassClassification(ScalarModelBase):
    """Tiny images, each with any of five classes, such as 0|2|4."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "local_dataset": "datasets/classification_data_multiclass",
                "subject_column": "ID",
                "image_channels": ["blue"],
                "image_file_column": "path",
                "label_channels": ["blue"],
                "label_value_column": "label",
                "class_names": [f"class{number}" for number in range(5)],
                "loss_type": "WeightedCrossEntropyWithLogits",
                "image_size": (4, 5, 7),
                "architecture": "SingleConvolution",
                "num_epochs": 4,
                "num_dataload_workers": 0,
                "max_num_gpus": 1,
                "pl_deterministic": True,
                **values,
            }
        )
