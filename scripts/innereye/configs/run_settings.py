"""Which model is run, on whose code, and where do the results go?"""

import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from innereye.configs.values import Bool, Form, OptionalPath, Text, read_text


def read_folder(value: object) -> str:
    """Return one spelling of a folder: from the working directory where it lies below it."""
    text = str(read_text(value)).strip()
    path = Path(os.path.normpath(Path(text).expanduser()))
    if not text or path == Path(path.anchor or ".") or set(text) & set("{}"):
        raise ValueError("not a folder for results")
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) and path != here else str(path)


class RunSettings(BaseModel):
    """Keys of the config that are no fields of the model."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, protected_namespaces=()
    )

    model: Text = ""
    """Name of the model's class, which is also the name of its file."""
    model_configs_namespace: Text = ""
    """Package with your model classes, such as InnerEyeLocal.ML.configs."""
    extra_code_directory: OptionalPath = None
    """Folder with your code; its name is the first part of model_configs_namespace."""
    outputs_dir: Annotated[
        str,
        BeforeValidator(read_folder),
        Form("the path of a folder other than /, without braces"),
    ] = "outputs"
    """Folder for all results of this run."""
    overwrite: Bool = False
    """Let this run replace another model's run in outputs_dir."""
    msd_folder: OptionalPath = None
    """Folder to import by the target import_msd."""

    def code_directory(self, basedir: Path) -> Path | None:
        """Return the user's code folder: below the working directory, or else beside the Snakefile."""
        folder = self.extra_code_directory
        if folder is None or folder.is_dir():
            return folder
        return basedir / folder
