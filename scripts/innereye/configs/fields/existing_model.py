"""Which model that exists is evaluated, where none is trained?"""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from innereye.configs.fields.base import Fields
from innereye.configs.readers import Form, read_folder_paths, read_items
from innereye.configs.values import Text, TextOrNone

_URL = re.compile(r"https?://[^/\s]+/[^\s]*", re.IGNORECASE)
_MODEL_ID = re.compile(r"[^:/\\\s]+:\d+")


def _is_url(value: str) -> str:
    if not _URL.fullmatch(value):
        raise ValueError("no web address")
    return value


def _is_model_id(value: str) -> str:
    if value and not _MODEL_ID.fullmatch(value):
        raise ValueError("no NAME:VERSION")
    return value


def _paths(value: object) -> object:
    return [] if value is None else read_folder_paths(value)


class ExistingModelFields(Fields):
    """Where the checkpoints of a model lie that is evaluated with train=False; several are an ensemble."""

    local_weights_path: Annotated[
        list[Path],
        BeforeValidator(_paths),
        Form("paths of checkpoints separated by commas, such as a.ckpt,b.ckpt"),
    ] = []
    """Checkpoints, model folders or archives of them on this machine."""
    weights_url: Annotated[
        list[Annotated[Text, AfterValidator(_is_url)]],
        BeforeValidator(lambda value: [] if value is None else read_items(value)),
        Form(
            "web addresses separated by commas, each with #sha256=... where the file is known, such as "
            "https://host/a.ckpt"
        ),
    ] = []
    """Checkpoints or archives of them to be downloaded."""
    model_id: Annotated[
        TextOrNone, AfterValidator(_is_model_id), Form("NAME:VERSION, such as Prostate:555")
    ] = ""
    """Model in the registry of the AzureML workspace."""
