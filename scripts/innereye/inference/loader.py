"""Which network must the checkpoints of a job hold? That of a segmentation, or of a scalar model."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from innereye.configs.load_scalar import load_scalar_model
from innereye.configs.stages.classify import ClassifySettings
from innereye.configs.stages.segment import EnsembleSettings
from innereye.inference.checkpoint import load_network
from innereye.inference.scalar.item_network import load_item_network


def loader_of_job(settings: str, *, config: str | None, basedir: Path) -> Callable[[Path], object]:
    """Return what loads the network of a checkpoint, by the texts of a rule.

    With `config` the model is a scalar one. What is returned raises InnerEyeError for a checkpoint
    that does not fit.
    """
    fields = json.loads(settings)
    if config is None:
        return partial(load_network, settings=EnsembleSettings(**fields))
    model = load_scalar_model(config, basedir)
    return partial(load_item_network, settings=ClassifySettings(**fields), model=model)
