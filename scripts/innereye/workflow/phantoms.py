"""Which phantoms does a model ask for, and where may they lie?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from innereye.errors import ConfigError
from innereye.names import DATASET_CSV

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan

LOG = "make_phantoms.log"


def phantom_folder(plan: Plan) -> str:
    """Return the folder that the target make_phantoms makes: `local_dataset`, or one named like the model."""
    return str(plan.model.local_dataset or Path("datasets") / plan.model_name)


def phantom_content(plan: Plan) -> dict[str, Any]:
    """Return what the data set holds, so that the model can be trained on it."""
    names = ("image_channels", "mask_id", "group_column")
    return {
        **{name: plan.field(name) for name in names},
        "structures": plan.field("ground_truth_ids"),
    }


def refuse_real_data(plan: Plan) -> None:
    """Keep phantoms away from a folder whose data set they did not make.

    Raises:
        ConfigError: there is one.
    """
    folder = Path(phantom_folder(plan))
    if (folder / DATASET_CSV).exists() and not (folder / LOG).exists():
        raise ConfigError(
            f"{folder} holds a data set that is not one of phantoms; name a new folder by "
            "local_dataset=..."
        )
