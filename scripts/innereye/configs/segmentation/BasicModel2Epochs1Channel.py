"""The smallest network on one channel."""

from typing import Any

from innereye.configs.segmentation.BasicModel2Epochs import BasicModel2Epochs


class BasicModel2Epochs1Channel(BasicModel2Epochs):
    """The trial of the pipeline with the CT alone."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"image_channels": ["ct"], **values})
