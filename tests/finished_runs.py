"""Runs in an emulated workspace as they stand when their jobs are long gone."""

from collections.abc import Mapping
from pathlib import Path

from azureml_emulator import Emulator
from azureml_emulator.places import BLOBSTORE_CONTAINER
from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.job_workspace import options_of_job
from snakemake_executor_plugin_azureml.workspace import Workspace

EXPERIMENT = "main"


def add_run(
    emulator: Emulator,
    run_id: str,
    files: Mapping[str, str] | None = None,
    *,
    parent: str | None = None,
    status: str = "Completed",
    tags: Mapping[str, str] | None = None,
) -> None:
    """Add a run of the experiment `main` with some files, their texts by path."""
    history = emulator.state.history
    record = history.new_run(EXPERIMENT, run_id, parent, "azureml.scriptrun")
    history.patch(record, {"tags": {"run_recovery_id": f"{EXPERIMENT}:{run_id}", **(tags or {})}})
    history.set_status(record, status)
    for path, text in (files or {}).items():
        write_file(emulator, run_id, path, text)


def write_file(emulator: Emulator, run_id: str, path: str, text: str) -> None:
    """Write a file of a run, as the service does while its job runs."""
    write(emulator.state.run_folder(run_id) / path, text)


def write_blob(emulator: Emulator, place: str, text: str) -> None:
    """Write a file into the default datastore."""
    write(emulator.state.blob_path(BLOBSTORE_CONTAINER, place), text)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def workspace() -> Workspace:
    """Return the emulated workspace as a job on the user's machine reaches it."""
    return connect(options_of_job())
