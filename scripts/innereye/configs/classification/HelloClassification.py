"""The first classification to try: which balls are positive?"""

from typing import Any

from innereye.configs.classification.RecommendedClassificationBase import (
    RecommendedClassificationBase,
)


class HelloClassification(RecommendedClassificationBase):
    """Images of balls with age and sex, which `snakemake make_phantoms` makes; trains in a minute."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "local_dataset": "datasets/HelloClassification",
                "image_file_column": "filePath",
                "label_value_column": "label",
                "numerical_columns": ["age"],
                "categorical_columns": ["sex"],
                "initial_feature_channels": 8,
                "num_encoder_blocks": 2,
                "num_epochs": 20,
                "split_proportions": (0.6, 0.2, 0.2),
                **values,
            }
        )
