"""The smallest network on ten subjects."""

from typing import Any

from innereye.configs.segmentation.BasicModel2Epochs import BasicModel2Epochs


class BasicModel2EpochsMoreData(BasicModel2Epochs):
    """The trial of the pipeline with ten subjects."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "train_subjects": ["0", "1", "2", "3"],
                "val_subjects": ["8", "9"],
                "test_subjects": ["4", "5", "6", "7"],
                **values,
            }
        )
