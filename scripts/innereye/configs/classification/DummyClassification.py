"""Yes or no, by one convolution: for trying things out."""

from typing import Any

from innereye.configs.classification.ScalarModelBase import ScalarModelBase


class DummyClassification(ScalarModelBase):
    """Tiny images of one channel; the table has a row for the image, which holds the label."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "local_dataset": "datasets/classification_data",
                "subject_column": "subjectID",
                "image_channels": ["image"],
                "image_file_column": "path",
                "label_channels": ["image"],
                "label_value_column": "value",
                "architecture": "SingleConvolution",
                "num_epochs": 4,
                "use_mixed_precision": True,
                "num_dataload_workers": 0,
                "max_num_gpus": 1,
                "pl_deterministic": True,
                **values,
            }
        )
