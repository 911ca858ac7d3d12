"""With which settings does a packaged model segment? They lie in its folder."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from innereye.configs.stages.scan import ScanSettings
from innereye.errors import ConfigError
from innereye.io.files import atomic_write
from innereye.names import INFERENCE_SETTINGS_JSON, MODEL_INFERENCE_CONFIG_JSON


def write_model_settings(folder: Path, settings: str) -> None:
    """Write the fields of ScanSettings, given as JSON, into a model folder."""
    with atomic_write(folder / INFERENCE_SETTINGS_JSON) as temporary:
        fields = json.loads(settings)
        temporary.write_text(json.dumps(fields, indent=1, sort_keys=True) + "\n", "utf-8")


def read_model_settings(folder: Path, **machine: Any) -> ScanSettings:
    """Return the settings of a model folder; `machine` are those of the machine that uses it.

    Raises:
        ConfigError: there are none, as in folders of the original, or they are of another version.
    """
    path = folder / INFERENCE_SETTINGS_JSON
    if not path.is_file():
        is_model = (folder / MODEL_INFERENCE_CONFIG_JSON).is_file()
        kind = "a model folder of another program" if is_model else "no model folder"
        raise ConfigError(
            f"{folder} is {kind}: it has no {INFERENCE_SETTINGS_JSON}. A training leaves a model folder "
            "in final_model, a cross-validation in final_ensemble_model."
        )
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if "label_value_column" in fields:
            raise ConfigError(
                f"{folder} holds a classification or regression model, which segments nothing: evaluate it "
                "on a data set by train=False local_weights_path=<the folder>."
            )
        return ScanSettings(**{**fields, **machine})
    except ValidationError as error:
        faults = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())
        raise ConfigError(
            f"{path} does not fit this version of the code ({faults}). Segment with the program score.py "
            "of the model folder, which has the code that belongs to it."
        ) from None
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path} is damaged: {error}.") from None
