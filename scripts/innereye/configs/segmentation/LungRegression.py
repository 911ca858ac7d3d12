"""The lung model, small enough to see in an hour whether results stay what they were."""

from typing import Any

from innereye.configs.segmentation.Lung import Lung


class LungRegression(Lung):
    """The lung model on 13 subjects, for tests that results stay the same: it segments."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "azure_dataset_id": "lung_for_regression_test_11_2022",
                "test_crop_size": (64, 256, 256),
                "num_epochs": 25,
                "pl_deterministic": True,
                "train_subjects": [str(name) for name in range(10)],
                "val_subjects": ["10", "11"],
                "test_subjects": ["12"],
                **values,
            }
        )
