"""The smallest network, for a try at ensembles."""

from typing import Any

from innereye.configs.segmentation.BasicModel2Epochs import BasicModel2Epochs


class BasicModelForEnsembleTest(BasicModel2Epochs):
    """The trial of the pipeline that leaves the choice of Val to the kind of run."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"inference_on_val_set": None, **values})
