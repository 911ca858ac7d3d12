"""How do jobs learn the folders of the data sets? As fields of the machine, plain."""

from pathlib import Path
from typing import cast

from innereye.configs.model_config import ModelConfig
from innereye.data.extra_data import DataSets, folders_in_use


def place_of(folder: Path | None) -> dict[str, str | None]:
    """Return the field that names the folder of a data set."""
    return {"local_dataset": None if folder is None else str(folder)}


def extra_places(model: ModelConfig) -> dict[str, list[str]]:
    """Return the field that names the folders of extra data sets; none where they are not used."""
    if not hasattr(model, "use_extra_datasets"):  # a scalar model reads one
        return {}
    extra = folders_in_use(cast("DataSets", model))
    return {"extra_local_dataset_paths": [str(folder) for folder in extra]} if extra else {}
