"""What does a model need to be used elsewhere? Its checkpoints, and a file that describes them."""

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from innereye.io.files import atomic_write
from innereye.io.links import link_or_copy
from innereye.names import CHECKPOINTS, LAST_CHECKPOINT, MODEL_INFERENCE_CONFIG_JSON

logger = logging.getLogger(__name__)

OTHER_RUNS = "OTHER_RUNS"


def write_model_folder(
    folder: Path, checkpoints: Sequence[Path], *, model_name: str, model_configs_namespace: str
) -> None:
    """Write the checkpoints of a model, or of the members of an ensemble, and their description.

    The places are InnerEye's: `checkpoints/last.ckpt` for the first, and
    `checkpoints/OTHER_RUNS/<i>/last.ckpt` for the others. model_inference_config.json is one line with
    model_name, checkpoint_paths (sorted, relative) and model_configs_namespace.
    """
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    places = [member_place(index) for index in range(len(checkpoints))]
    for checkpoint, place in zip(checkpoints, places, strict=True):
        link_or_copy(checkpoint, folder / place)
    content = {
        "model_name": model_name,
        "checkpoint_paths": sorted(str(place) for place in places),
        "model_configs_namespace": model_configs_namespace,
    }
    with atomic_write(folder / MODEL_INFERENCE_CONFIG_JSON) as temporary:
        temporary.write_text(json.dumps(content) + "\n", encoding="utf-8")
    logger.info("Wrote a model of %d checkpoints to %s.", len(checkpoints), folder)


def member_place(index: int) -> Path:
    """Return the place of a member's checkpoint in the model folder."""
    folder = Path(CHECKPOINTS) / OTHER_RUNS / str(index) if index else Path(CHECKPOINTS)
    return folder / LAST_CHECKPOINT
