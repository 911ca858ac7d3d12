"""Which runs in the cloud does a user want to watch?"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from innereye.configs.readers import Form
from innereye.configs.values import Folder, Names, OptionalPath, OptionalText, Whole


class TensorboardSettings(BaseModel):
    """Keys of the target tensorboard."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    run_ids: Names = []
    """Runs to watch, as RUN or EXPERIMENT:RUN; with a parent come its children."""
    experiment_name: OptionalText = None
    """Experiment whose runs are watched where no run_ids are given."""
    run_status: Names = ["Running", "Completed"]
    """States of the runs of an experiment that are watched; None watches all."""
    local_root: Folder = "tensorboard_runs"
    """Folder for the copies of the event files."""
    port: Annotated[Whole, Field(ge=0, le=65535), Form("a whole number from 0 to 65535")] = 6006
    """Port of TensorBoard; 0 takes a free one."""
    settings: OptionalPath = None
    """InnerEye's settings.yml with the workspace, where it is not in the working folder."""
