"""Which code goes with a run? A clean folder made of what the workflow is known to need."""

import logging
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from snakemake_executor_plugin_azureml import node
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

logger = logging.getLogger(__name__)

NODE_PROGRAM = Path(".azureml_job/node.py")
LARGEST_SOURCE = 10 * 1024 * 1024
NEVER = frozenset({".git", ".snakemake", ".venv", "__pycache__", "outputs", "logs"})
"""Folders that hold no code of the workflow, wherever they lie."""
NOT_NEEDED = frozenset({"tests", "docs", ".github", ".ci"})
"""Folders at the top that no job reads."""
PRIVATE = ("InnerEyePrivateSettings.yml", "settings.yml", ".env", ".netrc")


def stage_sources(
    paths: Iterable[str], folders: Sequence[str], target: Path, secrets: Sequence[str]
) -> Path:
    """Copy the files of a workflow and whole folders of code into an empty folder, and return it.

    Raises:
        WorkspaceError: one of the files holds a secret, or the workflow lies elsewhere.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    wanted = {Path(path) for path in paths if is_source(Path(path))}
    for folder in folders:
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        wanted |= {path for path in files if is_source(path.relative_to(folder))}
    for path in sorted(wanted):
        if path.is_file():
            copy_source(path, target / path, secrets)
    program = target / NODE_PROGRAM
    program.parent.mkdir()
    shutil.copyfile(Path(node.__file__), program)
    # The service leaves out what git ignores; a snapshot is clean already.
    (target / ".amlignore").write_text("", encoding="utf-8")
    return target


def is_source(path: Path) -> bool:
    """May a file go with a run?"""
    return not (
        NEVER.intersection(path.parts)
        or path.parts[0] in NOT_NEEDED
        or path.name in PRIVATE
        or path.suffix == ".pyc"
    )


def copy_source(path: Path, target: Path, secrets: Sequence[str]) -> None:
    """Copy one file, following links; a large one is left out with a warning."""
    if path.is_absolute() or ".." in path.parts:
        raise WorkspaceError(
            f"{path} belongs to the workflow but lies outside the working directory, so it cannot go "
            "with a run. Call snakemake in the folder of the Snakefile."
        )
    if path.stat().st_size > LARGEST_SOURCE:
        logger.warning("%s is larger than 10 MB and does not go with the runs.", path)
        return
    content = path.read_bytes()
    if any(secret.encode() in content for secret in secrets if secret):
        raise WorkspaceError(
            f"{path} holds the secret of the service principal; it is not sent to AzureML. Take it out "
            "of the file: it belongs into the environment only."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    target.chmod(path.stat().st_mode & 0o777)
