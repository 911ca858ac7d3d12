"""Which folders does the target import_msd read and make?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from innereye.errors import ConfigError

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan


def import_folder(plan: Plan) -> str:
    """Return the folder that the target makes."""
    return str(plan.model.local_dataset or "datasets/import")


def msd_folder(plan: Plan) -> str:
    """Return the folder that the target reads.

    Raises:
        ConfigError: a folder is not named, or holds another data set.
    """
    source = plan.settings.msd_folder
    if source is None or not plan.config.get("local_dataset"):
        raise ConfigError(
            "import_msd needs two folders: --config msd_folder=<folder with dataset.json, "
            "imagesTr, labelsTr> local_dataset=<new folder>."
        )
    folder = import_folder(plan)
    held, log = (Path(folder) / name for name in ("dataset.csv", "import_msd.log"))
    if held.exists() and not (log.is_file() and f"from {source}.\n" in log.read_text("utf-8")):
        raise ConfigError(
            f"{folder} holds another data set already; name a new folder by local_dataset=..."
        )
    return str(source)
