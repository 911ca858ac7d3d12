"""What does a model need to be used elsewhere? Its checkpoints, its code, and what describes them."""

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from innereye.errors import CheckpointError
from innereye.inference.found_checkpoints import CHECKPOINT_PATHS
from innereye.inference.model_code import ModelCode
from innereye.inference.model_settings import write_model_settings
from innereye.io.files import atomic_write
from innereye.io.links import link_or_copy
from innereye.metrics.reported_epoch import choose_epoch
from innereye.metrics.runs.reported_epoch_file import read_reported_epoch
from innereye.names import (
    CHECKPOINTS,
    LAST_CHECKPOINT,
    MODEL_INFERENCE_CONFIG_JSON,
    epoch_checkpoint,
)

logger = logging.getLogger(__name__)

OTHER_RUNS = "OTHER_RUNS"
# InnerEye's limit: longer ones cannot be stored on every system that a model is used on.
LONGEST_PATH = 260


def write_model_folder(
    folder: Path,
    checkpoints: Sequence[Path],
    *,
    code: ModelCode,
    model_name: str,
    model_configs_namespace: str,
    settings: str,
) -> None:
    """Write the checkpoints of a model, or of the members of an ensemble, their code and description.

    The places are InnerEye's: `checkpoints/last.ckpt` for the first, and
    `checkpoints/OTHER_RUNS/<i>/last.ckpt` for the others. model_inference_config.json is one line with
    model_name, checkpoint_paths (sorted, relative) and model_configs_namespace; it is written last.
    `settings`, the fields of ScanSettings as JSON, lie beside it: overrides of the class are in them.
    Whatever lay in the folder goes.

    Raises:
        InnerEyeError: a part of the code is not there, or the place of a checkpoint is too long.
    """
    places = [member_place(index) for index in range(len(checkpoints))]
    require_short(places)
    shutil.rmtree(folder, ignore_errors=True)
    for checkpoint, place in zip(checkpoints, places, strict=True):
        link_or_copy(checkpoint, folder / place)
    code.copy_to(folder)
    write_model_settings(folder, settings)
    content = {
        "model_name": model_name,
        CHECKPOINT_PATHS: sorted(str(place) for place in places),
        "model_configs_namespace": model_configs_namespace,
    }
    with atomic_write(folder / MODEL_INFERENCE_CONFIG_JSON) as temporary:
        temporary.write_text(json.dumps(content) + "\n", encoding="utf-8")
    logger.info("Wrote a model of %d checkpoints to %s.", len(checkpoints), folder)


def reported_checkpoints(
    members: Sequence[Path], *, epochs: Sequence[int], has_val: bool, epoch_json: Path | None
) -> list[Path]:
    """Return the checkpoints of the epoch that a model's report is about, one for each run folder.

    For an ensemble `epoch_json` says which epoch was chosen on the Val sets of its members.
    """
    if epoch_json is not None:
        epoch, reason = read_reported_epoch(epoch_json)
    else:
        epoch, reason = choose_epoch(members[0], epochs, has_val=has_val)
    logger.info("The model is that of epoch %d: %s.", epoch, reason)
    return [member / CHECKPOINTS / epoch_checkpoint(epoch) for member in members]


def member_place(index: int) -> Path:
    """Return the place of a member's checkpoint in the model folder."""
    folder = Path(CHECKPOINTS) / OTHER_RUNS / str(index) if index else Path(CHECKPOINTS)
    return folder / LAST_CHECKPOINT


def require_short(places: Sequence[Path]) -> None:
    """Refuse places of checkpoints that cannot be stored everywhere.

    Raises:
        CheckpointError: the longest one.
    """
    longest = max(map(str, places), key=len)
    if len(longest) > LONGEST_PATH:
        raise CheckpointError(
            f"The checkpoint path {longest} has {len(longest)} characters; allowed are {LONGEST_PATH}."
        )
