"""What does InnerEye's settings.yml say, and InnerEyePrivateSettings.yml beside it?

Both hold a mapping `variables:`. The private file wins key by key. Neither may hold a secret.
"""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from snakemake_executor_plugin_azureml.settings import ExecutorSettings

SHARED_FILE = "settings.yml"
PRIVATE_FILE = "InnerEyePrivateSettings.yml"
OPTIONS = tuple(item.name for item in fields(ExecutorSettings) if item.name != "settings_file")

# InnerEye's names of our options.
RENAMED = {
    "workspace_name": "workspace",
    "azureml_workspace": "workspace",
    "experiment_name": "experiment",
    "azureml_datastore": "datasets_datastore",
    "max_run_duration": "time_limit",
}
# InnerEye's descriptions of a build; they become tags of every run.
TAGS = {
    "build_number": "build_number",
    "build_user": "build_user",
    "build_user_email": "build_user_email",
    "build_source_repository": "source_repository",
    "build_branch": "source_branch",
    "build_source_id": "source_id",
    "build_source_message": "source_message",
    "build_source_author": "source_author",
}
# InnerEye's options that say nothing of the cloud: told apart from misspelt ones.
OF_THE_WORKFLOW = frozenset(
    {
        *("model", "model_configs_namespace", "extra_code_directory", "num_nodes", "train"),
        *("run_recovery_id", "only_register_model", "hyperdrive", "azureml", "log_level"),
        *("wait_for_completion", "tensorboard", "use_dataset_mount", "project_root"),
        *("pytest_mark", "pip_extra_index_url", "workspace_region"),
    }
)
_SECRET = re.compile(r"(^|_)(key|secret|password|passwd|token|sas|credentials?)(_|$)")


@dataclass
class StatedSettings:
    """What the settings files state, and what is wrong with them."""

    values: dict[str, str] = field(default_factory=dict)
    """By the name of our option."""
    tags: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_settings_files(stated: str, folder: Path) -> StatedSettings:
    """Return what a settings file states, with the private one beside it on top.

    Without a stated file, settings.yml of the folder is read where it is there.
    """
    found = StatedSettings()
    shared = (folder / Path(stated or SHARED_FILE).expanduser()).resolve()
    if shared.is_file():
        _read(shared, found, is_stated=bool(stated))
    elif stated:
        found.faults.append(f"The settings file {stated} is not there (looked for {shared}).")
    private = shared.parent / PRIVATE_FILE
    if private.is_file() and private != shared:
        _read(private, found, is_stated=True)
    return found


def _read(file: Path, found: StatedSettings, *, is_stated: bool) -> None:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = f" (line {mark.line + 1})" if (mark := getattr(error, "problem_mark", None)) else ""
        found.faults.append(f"{file} cannot be read as YAML{line}.")
        return
    variables = content.get("variables") if isinstance(content, dict) else None
    if not isinstance(variables, dict):
        if isinstance(content, dict) and "variables" in content and variables is None:
            return  # InnerEye: an empty mapping states nothing
        sentence = f"{file} has no mapping `variables:`, below which the settings stand."
        (found.faults if is_stated else found.notes).append(sentence)
        return
    found.files.append(file)
    _take(file, variables, found)


def _take(file: Path, variables: Mapping[Any, Any], found: StatedSettings) -> None:
    """Sort the entries of one file; empty ones state nothing."""
    stated_by: dict[str, str] = {}
    for entry, value in variables.items():
        name = str(entry).lower().replace("-", "_")
        text = _text(value)
        option = RENAMED.get(name, name)
        if option in OPTIONS:
            if stated_by.setdefault(option, name) != name:
                found.faults.append(f"{file} states {option} twice: {stated_by[option]}, {name}.")
            if text and option == "conda_file":  # beside the file that names it
                text = str(file.parent / Path(text).expanduser())
            if text:
                found.values[option] = text
        elif name in TAGS:
            found.tags |= {TAGS[name]: text} if text else {}
        elif _SECRET.search(name):
            found.faults.append(_refused_secret(file, str(entry)))
        elif name not in OF_THE_WORKFLOW:
            found.faults.append(_unknown(file, str(entry)))
        elif text not in ("", "False", "0"):
            found.notes.append(
                f"{file}: {entry} is no option of the executor and is passed over; state it in the "
                "config of the workflow (config/config.yaml, or behind --config)."
            )


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, default=str)
    return "" if value is None else str(value).strip()


def _refused_secret(file: Path, entry: str) -> str:
    return (
        f"{file} holds the secret {entry}, which does not belong into a file. Take it out (and make a "
        "new one, if others could read the file), and put it into the environment variable "
        "APPLICATION_KEY."
    )


def _unknown(file: Path, entry: str) -> str:
    near = difflib.get_close_matches(entry.lower(), [*OPTIONS, *RENAMED, *TAGS, "tags"], n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return (
        f"{file} has the unknown setting {entry}.{meant} Fields of a model belong into the config of "
        "the workflow (config/config.yaml, or behind --config)."
    )
