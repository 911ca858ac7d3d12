"""Where does the data set of a run lie: on this machine, in the cloud, or mounted on a node?

A data set in the cloud is seen on the user's machine as a folder with its table and a list of its files,
which the executor's package keeps up to date. A job on a node has the images, in a folder of that node.
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from innereye.configs.model_config import ModelConfig
from innereye.data.cloud_listing import is_listed
from innereye.names import AZUREML_DATA, DATASET_CSV

COPIES = Path(".snakemake/azureml/data_sets")
Fetch = Callable[[str, Path, str], None]
"""Brings a copy up to date: id of the data set, folder of the copy, name of the table."""


@dataclass(frozen=True)
class DataPlace:
    """The places of a data set; `mounted` is its folder on the node that this process runs on."""

    local_dataset: Path | None
    data_set_id: str
    table: str
    mounted: Path | None

    @property
    def is_in_cloud(self) -> bool:
        """Does the model name no folder of the user's machine?"""
        return self.local_dataset is None and bool(self.data_set_id)

    @property
    def azureml_data(self) -> str:
        """The data set that a node mounts, or nothing."""
        return self.data_set_id if self.is_in_cloud else ""

    @property
    def azureml_data_folder(self) -> str:
        """The folder of this machine that a node needs, or nothing."""
        return str(self.local_dataset or "")

    @property
    def images(self) -> Path | None:
        """Folder with the images, where this process can read them."""
        return self.mounted or self.local_dataset

    @property
    def copy(self) -> Path:
        """Folder that stands for a data set in the cloud."""
        return COPIES / folder_name(self.data_set_id)

    @property
    def described_in(self) -> Path | None:
        """Folder with the table, and with the images or the list of those in the cloud."""
        if self.is_in_cloud and is_listed(self.copy) and (self.copy / self.table).is_file():
            return self.copy
        return self.images

    @property
    def unchecked(self) -> Path | None:
        """Folder on a node with images that no check has opened, as they came from the cloud."""
        return self.mounted if self.is_in_cloud else None


def data_place(model: ModelConfig, environ: Mapping[str, str] = os.environ) -> DataPlace:
    """Return where the data set of a model lies, seen from this process."""
    mounted = environ.get(AZUREML_DATA, "")
    return DataPlace(
        local_dataset=model.local_dataset,
        data_set_id=model.azure_dataset_id,
        table=getattr(model, "dataset_csv", DATASET_CSV),
        mounted=Path(mounted) if mounted else None,
    )


def folder_name(data_set_id: str) -> str:
    """Return a data set's id as the name of a folder; two ids never share one."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", data_set_id).lstrip(".")
    if safe == data_set_id:
        return safe
    return f"{safe}_{hashlib.sha256(data_set_id.encode()).hexdigest()[:8]}"
