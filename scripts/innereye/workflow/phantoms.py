"""Which phantoms does a model ask for, and where may they lie?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.rules.scalar_model import stated_size
from innereye.data.scalar.balls import BALL_COLUMNS
from innereye.data.scalar.model_layout import layout_of_model
from innereye.errors import ConfigError
from innereye.names import DATASET_CSV

if TYPE_CHECKING:
    from innereye.workflow.plan import Plan

LOG = "make_phantoms.log"
DEEP, FLAT = (12, 16, 16), (1, 16, 16)


def phantom_folder(plan: Plan) -> str:
    """Return the folder that the target make_phantoms makes: `local_dataset`, or one named like the model."""
    return str(plan.model.local_dataset or Path("datasets") / plan.model_name)


def phantom_content(plan: Plan) -> dict[str, Any]:
    """Return what the data set holds, so that the model can be trained on it."""
    if isinstance(plan.model, ScalarModelBase):
        size = stated_size(plan.model)
        is_flat = size is not None and size[0] == 1
        return {"size_zyx": FLAT if is_flat else DEEP}
    names = ("image_channels", "mask_id", "group_column")
    return {
        **{name: plan.field(name) for name in names},
        "structures": plan.field("ground_truth_ids"),
    }


def refuse_real_data(plan: Plan) -> None:
    """Keep phantoms away from a folder whose data set they did not make.

    Raises:
        ConfigError: there is one; or the model reads what no made data set has.
    """
    if isinstance(plan.model, ScalarModelBase):
        layout = layout_of_model(plan.model, plan.model)
        if lacks := [column for column in layout.columns if column not in BALL_COLUMNS]:
            raise ConfigError(
                f"{plan.model_name} reads the column{'s' * (len(lacks) > 1)} {', '.join(lacks)}; a data set "
                f"that make_phantoms makes has one row for each subject, and the columns "
                f"{', '.join(BALL_COLUMNS)}."
            )
    folder = Path(phantom_folder(plan))
    if (folder / DATASET_CSV).exists() and not (folder / LOG).exists():
        raise ConfigError(
            f"{folder} holds a data set that is not one of phantoms; name a new folder by "
            "local_dataset=..."
        )
