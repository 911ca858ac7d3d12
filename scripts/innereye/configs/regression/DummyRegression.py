"""A number, by one convolution: for trying things out."""

from typing import Any

from innereye.configs.classification.ScalarModelBase import ScalarModelBase


class DummyRegression(ScalarModelBase):
    """Tiny images; the label is the difference of a column and itself, so that it is always 0."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "local_dataset": "datasets/classification_data",
                "subject_column": "subjectID",
                "image_channels": ["image"],
                "image_file_column": "path",
                "label_channels": ["image", "image"],
                "label_value_column": "scalar2",
                "label_transforms": ["Scaling", "Difference"],
                "loss_type": "MeanSquaredError",
                "architecture": "SingleConvolution",
                "num_epochs": 4,
                "use_mixed_precision": True,
                "num_dataload_workers": 0,
                "max_num_gpus": 1,
                **values,
            }
        )
