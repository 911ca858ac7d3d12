"""How does a finished model get into the registry of the workspace, once for each content?"""

import hashlib
import json
import logging
import re
from pathlib import Path

from snakemake_executor_plugin_azureml.families import named_run
from snakemake_executor_plugin_azureml.store import sha256_of
from snakemake_executor_plugin_azureml.workspace import Image, Workspace

logger = logging.getLogger(__name__)

CONTENT_TAG = "content_sha256"


def register(
    workspace: Workspace, recovery_id: str, *, name: str, folder: Path, environment: Image
) -> str:
    """Register a folder as a model of the run EXPERIMENT:RUN; return the model's id, NAME:VERSION.

    The folder goes to the files of the run under its own name. The model has the tags of the run; the
    run gets the tag `model_id`, and a child the tag `parent_run_id`. A folder that is registered
    already, from a call that was killed, makes no second version.

    Raises:
        WorkspaceError: the run is not there, or the workspace refuses.
    """
    _, run_id = named_run(recovery_id)
    run = workspace.run(run_id)
    content = {CONTENT_TAG: folder_hash(folder)}
    of_family = {"parent_run_id": run.parent} if run.parent else {}
    model_id = workspace.find_model(run_id, name=name, tags=content)
    if model_id is None:
        path = free_name(workspace, run_id, folder.name)
        workspace.upload_folder(run_id, path, folder)
        tags = {**run.tags, **of_family, **environment_tags(environment), **content}
        model_id = workspace.register_model(run_id, name=name, path=path, tags=tags)
        logger.info("Registered %s, the model of the run %s.", model_id, recovery_id)
    workspace.set_tags(run_id, {**of_family, "model_id": model_id})
    return model_id


def register_folder(
    workspace: Workspace,
    recovery_id: str | None,
    *,
    name: str,
    folder: Path,
    environment: Image,
    note: Path,
) -> None:
    """Register a model and note its id in a file; a model without a run in AzureML is left out.

    Raises:
        WorkspaceError: the run is not there, or the workspace refuses.
    """
    model_id = None
    if recovery_id is None:
        logger.info("No run in AzureML has trained the model in %s; it is not registered.", folder)
    else:
        model_id = register(
            workspace, recovery_id, name=name, folder=folder, environment=environment
        )
    content = {"run": recovery_id, "model_id": model_id}
    note.write_text(json.dumps(content) + "\n", encoding="utf-8")


def folder_hash(folder: Path) -> str:
    """Return a hash over the names and contents of all files below a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\n{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def free_name(workspace: Workspace, run_id: str, name: str) -> str:
    """Return a name under which the run has no files: `final_model`, or `final_model_2` and so on.

    Files of a run are never written twice: an older version of the model consists of them.
    """
    taken = {path.partition("/")[0] for path in workspace.list_files(run_id)}
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def environment_tags(environment: Image) -> dict[str, str]:
    """Return in what a model was trained: name and version, or those of a file it was built from."""
    if environment.name:
        name, _, version = environment.name.partition(":")
        return _environment(name, version or "latest")
    if environment.conda_file is None or not environment.conda_file.is_file():
        return {}
    stated = re.search(r"^name:\s*(\S+)", environment.conda_file.read_text("utf-8"), re.MULTILINE)
    name = stated[1] if stated else environment.conda_file.stem
    return _environment(name, sha256_of(environment.conda_file)[:12])


def _environment(name: str, version: str) -> dict[str, str]:
    return {"python_environment_name": name, "python_environment_version": version}
