"""Which scalar model do the texts of a job name? Its class has hooks, which no settings hold."""

import json
from pathlib import Path

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.load import load_config
from innereye.errors import ConfigError


def load_scalar_model(config: str, basedir: Path) -> ScalarModelBase:
    """Return the model of a config, JSON; `basedir` is the folder of the Snakefile.

    Raises:
        ConfigError: faults of the config, or its model is one of segmentation.
    """
    _, model = load_config(json.loads(config), basedir=basedir)
    if not isinstance(model, ScalarModelBase):
        raise ConfigError(f"{type(model).__name__} is no classification or regression model.")
    return model
