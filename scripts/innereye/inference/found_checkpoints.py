"""Which checkpoints lie in a folder, and which is the first member of an ensemble?"""

import json
import re
from pathlib import Path

from innereye.errors import CheckpointError
from innereye.names import MODEL_INFERENCE_CONFIG_JSON, natural_key

CHECKPOINT_PATHS = "checkpoint_paths"
_OTHER_MEMBER = re.compile(r".*/OTHER_RUNS/(\d+)/[^/]+")


def checkpoints_of(place: Path) -> list[Path]:
    """Return the checkpoints of a place, in the order of the ensemble's members.

    A file is its own checkpoint. Of a folder, model_inference_config.json lists them, in it or in
    its only folder; without that file all `*.ckpt` count.

    Raises:
        CheckpointError: there are none, or the list names files that are not in the folder.
    """
    if not place.is_dir():
        return [place]
    descriptions = [place / MODEL_INFERENCE_CONFIG_JSON]
    descriptions += sorted(place.glob(f"*/{MODEL_INFERENCE_CONFIG_JSON}"))
    for description in descriptions:
        if description.is_file():
            return _listed(description)
    found = [path for path in place.rglob("*.ckpt") if path.is_file()]
    if not found:
        raise CheckpointError(
            f"{place} holds neither {MODEL_INFERENCE_CONFIG_JSON} nor checkpoints (*.ckpt)."
        )
    return sorted(found, key=_member_key)


def _listed(description: Path) -> list[Path]:
    folder = description.parent
    try:
        names = json.loads(description.read_text(encoding="utf-8"))[CHECKPOINT_PATHS]
        paths = [folder / str(name) for name in names]
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(
            f"{description} is no description of a model: it must be JSON with '{CHECKPOINT_PATHS}'."
        ) from None
    root = folder.resolve()
    outside = [str(path) for path in paths if not path.resolve().is_relative_to(root)]
    missing = [str(path) for path in paths if str(path) not in outside and not path.is_file()]
    if outside or missing or not paths:
        what = "leads out of the folder" if outside else "does not exist"
        path = (outside or missing or ["no checkpoint"])[0]
        raise CheckpointError(f"{description} lists {path}, which {what}.")
    return sorted(paths, key=_member_key)


def _member_key(path: Path) -> tuple[int, list[tuple[int, int, str]]]:
    """Return the sorting key of a member: InnerEye's folders hold the first one beside OTHER_RUNS."""
    other = _OTHER_MEMBER.fullmatch(path.as_posix())
    return (int(other[1]) if other else 0, natural_key(path.as_posix()))
