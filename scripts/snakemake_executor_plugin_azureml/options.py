"""What holds for this call? All options with their values, from wherever they are stated.

The command line (and profile) wins over the environment, then come InnerEyePrivateSettings.yml,
settings.yml, and what the executor does by itself. All faults are told at once.
"""

import getpass
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from snakemake_executor_plugin_azureml.credentials import service_principal
from snakemake_executor_plugin_azureml.git_state import is_checkout, read_branch
from snakemake_executor_plugin_azureml.names import experiment_name
from snakemake_executor_plugin_azureml.option_values import (
    parse_download,
    parse_duration,
    parse_gigabytes,
    parse_size,
    parse_subscription,
    parse_tags,
)
from snakemake_executor_plugin_azureml.settings import ExecutorSettings
from snakemake_executor_plugin_azureml.settings_file import read_settings_files
from snakemake_executor_plugin_azureml.workspace import Image

VARIABLE = "SNAKEMAKE_AZUREML_"
FIELDS = tuple(item.name for item in fields(ExecutorSettings))
ALWAYS_NEEDED = ("subscription_id", "resource_group", "workspace")
DATASETS_DATASTORE = "innereyedatasets"
BYTES_PER_GB = 10**9
NO_BRANCH = (
    "git is on no branch here (no checkout, or a detached head), and the branch names the experiment: "
    "check one out, or use --azureml-experiment."
)


class SettingsError(Exception):
    """The options do not fit; `faults` has a sentence for each mistake."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Options:
    """Everything that is needed to reach the workspace and to start runs, but for secrets."""

    subscription_id: str
    resource_group: str
    workspace: str
    tenant_id: str = ""
    application_id: str = ""
    cluster: str = ""
    """Always stated where runs are started."""
    experiment: str = ""
    """As the service allows it; the branch itself stands in the tag source_branch."""
    environment: str = ""
    """Empty: built from `conda_file`."""
    conda_file: Path | None = None
    docker_image: str = ""
    """Empty: the service's default one."""
    docker_shm_size: str = "16g"
    datastore: str = ""
    """Empty: the default one of the workspace."""
    datasets_datastore: str = DATASETS_DATASTORE
    tag: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    time_limit_s: int | None = None
    """None: as long as the service allows."""
    download: str = "all"
    """`all`, or `declared`: what no rule declares, such as volumes, stays in the cloud."""
    upload_warning_gb: float = 10.0
    settings_file: Path | None = None
    notes: tuple[str, ...] = ()
    """Sentences that the user should read once."""

    @property
    def image(self) -> Image:
        """In what runs compute."""
        return Image(
            name=self.environment,
            conda_file=self.conda_file,
            docker_image=self.docker_image,
            shm_size=self.docker_shm_size,
        )

    @property
    def upload_warning_bytes(self) -> int:
        """Uploads of more bytes are announced with a warning."""
        return round(self.upload_warning_gb * BYTES_PER_GB)

    def export(self) -> dict[str, str]:
        """Return variables that make `resolve_options` give the same options in another process."""
        values = {name: getattr(self, name) for name in FIELDS if name != "time_limit"}
        values["time_limit"] = f"{self.time_limit_s}s" if self.time_limit_s else ""
        values["tags"] = json.dumps(dict(self.tags), sort_keys=True) if self.tags else ""
        texts = {name: "" if value is None else str(value) for name, value in values.items()}
        return {f"{VARIABLE}{name.upper()}": text for name, text in texts.items() if text}


def resolve_options(
    settings: ExecutorSettings | None,
    environ: Mapping[str, str],
    folder: Path,
    *,
    today: date | None = None,
) -> Options:
    """Return the options of this call; `folder` is the working directory.

    With `settings` (that is, in the executor) also what is needed to start runs must be there.

    Raises:
        SettingsError: One or more options are missing or wrong.
    """
    starts_runs = settings is not None
    stated = stated_texts(settings, environ)
    files = read_settings_files(stated.get("settings_file", ""), folder)
    texts = {**files.values, **stated}
    missing = _missing(texts, starts_runs=starts_runs)
    # A note on a file may say why something is missing.
    faults, notes = [*files.faults, *(files.notes if missing else []), *missing], [*files.notes]
    values = _read_values(texts, folder, faults)
    values["tags"] = {**files.tags, **values.get("tags", {})}
    values["settings_file"] = files.files[0] if files.files else None
    branch = texts.get("experiment") or values["tags"].get("source_branch") or read_branch(folder)
    if not branch:
        (faults if starts_runs and is_checkout(folder) else notes).append(NO_BRANCH)
    with _kept(faults):
        day = today or datetime.now(UTC).date()
        values["experiment"] = experiment_name(branch, _user(environ), day)
    if starts_runs:
        faults += _faults_of_image(values)
    options = Options(**values, notes=tuple(notes))
    with _kept(faults):
        service_principal(
            environ, tenant_id=options.tenant_id, application_id=options.application_id
        )
    if faults:
        raise SettingsError(faults)
    return options


@contextmanager
def _kept(faults: list[str]) -> Iterator[None]:
    """Keep a mistake of the user until all others are known."""
    try:
        yield
    except ValueError as error:
        faults.append(str(error))


def stated_texts(settings: ExecutorSettings | None, environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the command line, or else the environment, states. Empty texts state nothing."""
    variables = {name: environ.get(f"{VARIABLE}{name.upper()}", "") for name in FIELDS}
    options = {name: getattr(settings, name, "") or "" for name in FIELDS}
    texts = {name: (options[name] or variables[name]).strip() for name in FIELDS}
    return {name: text for name, text in texts.items() if text}


def _missing(texts: Mapping[str, str], *, starts_runs: bool) -> list[str]:
    needed = (*ALWAYS_NEEDED, "cluster") if starts_runs else ALWAYS_NEEDED
    return [
        f"{name} is not stated: use --azureml-{name.replace('_', '-')}, the variable {VARIABLE}"
        f"{name.upper()}, or settings.yml."
        for name in needed
        if not texts.get(name)
    ]


READERS: dict[str, Callable[[str], Any]] = {
    "subscription_id": parse_subscription,
    "docker_shm_size": parse_size,
    "tags": parse_tags,
    "time_limit": parse_duration,
    "download": parse_download,
    "upload_warning_gb": parse_gigabytes,
}


def _read_values(texts: Mapping[str, str], folder: Path, faults: list[str]) -> dict[str, Any]:
    """Return the values of the stated texts; what cannot be read is added to the faults."""
    values: dict[str, Any] = dict.fromkeys(ALWAYS_NEEDED, "")
    for name, text in texts.items():
        try:
            values[name] = READERS.get(name, str)(text)
        except ValueError as error:
            faults.append(f"{name}={text!r} {error}.")
    if "time_limit" in values:
        values["time_limit_s"] = values.pop("time_limit")
    if "conda_file" in values:
        values["conda_file"] = (folder / Path(texts["conda_file"]).expanduser()).resolve()
    return values


def _user(environ: Mapping[str, str]) -> str:
    try:
        return environ.get("USER") or getpass.getuser()
    except (OSError, KeyError):  # a container without a list of users
        return "user"


def _faults_of_image(values: Mapping[str, Any]) -> list[str]:
    """Say why no run could find its programs: no environment, or no file to build one from."""
    conda_file = values.get("conda_file")
    if values.get("environment"):
        return []
    if conda_file is None:
        return [
            "Neither environment nor conda_file is stated: name an environment of the workspace "
            "(--azureml-environment) or a conda file to build one from (--azureml-conda-file)."
        ]
    return [] if conda_file.is_file() else [f"conda_file: there is no file {conda_file}."]
