"""Which run does a folder hold, and may this one go there?"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from innereye.errors import ConfigError
from innereye.io.files import atomic_write
from innereye.names import RUN_IDENTITY

EVALUATED = "evaluated model"
EXTRA_DATA_SETS = "extra_local_dataset_paths"  # there where they are used


def write_identity(folder: Path, identity: Mapping[str, Any]) -> None:
    """Note in a folder of results which run it holds; the first job of every run does so."""
    with atomic_write(folder / RUN_IDENTITY) as temporary:
        temporary.write_text(to_json(identity) + "\n", encoding="utf-8")


def refuse_other_run(folder: Path, identity: Mapping[str, Any]) -> None:
    """Raise ConfigError if a folder holds a run of another model, data set or number of folds."""
    path = folder / RUN_IDENTITY
    if not path.is_file():
        return
    held = json.loads(path.read_text(encoding="utf-8"))
    if resolved(held) != resolved(identity):
        raise ConfigError(
            f"{folder} holds a run of {describe(held)}; this one is {describe(identity)}. "
            "Use outputs_dir=... for another folder, or overwrite=True to replace the run."
        )


def resolved(identity: Mapping[str, Any]) -> dict[str, Any]:
    """Return an identity whose data sets are full paths, however they were spelled."""
    extra = [str(Path(folder).resolve()) for folder in identity.get(EXTRA_DATA_SETS, [])]
    data_set = str(Path(str(identity.get("data set"))).resolve())
    return {**identity, "data set": data_set, EXTRA_DATA_SETS: extra}


def describe(identity: Mapping[str, Any]) -> str:
    """Say which run an identity means."""
    folds = identity.get("number_of_cross_validation_splits")
    suffix = f" with {folds} folds" if folds else ""
    if EVALUATED in identity:
        suffix += f", evaluating {identity[EVALUATED]}"
    data_sets = [identity.get("data set"), *identity.get(EXTRA_DATA_SETS, [])]
    return f"{identity.get('model')} on {' and '.join(map(str, data_sets))}{suffix}"


def to_json(value: Any) -> str:
    """Return plain values as one line of sorted JSON."""
    return json.dumps(value, sort_keys=True, default=str)
