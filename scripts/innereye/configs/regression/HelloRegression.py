"""The first regression to try: how large is a ball?"""

from typing import Any

from innereye.configs.classification.HelloClassification import HelloClassification


class HelloRegression(HelloClassification):
    """The balls of HelloClassification, whose score, mostly their size, is estimated."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "loss_type": "MeanSquaredError",
                "label_value_column": "score",
                "random_scaling": (1.0, 1.0),  # a ball of another size has another score
                **values,
            }
        )
