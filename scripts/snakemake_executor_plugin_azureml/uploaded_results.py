"""How do results that were made on the user's machine come to the files of their run?

What a run made itself is there already. Scores, tables and plots that are made after it go there too, those
of a cross-validation to the parent: everything of a run can be seen in one place, and compared later.
"""

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from snakemake_executor_plugin_azureml.families import named_run
from snakemake_executor_plugin_azureml.workspace import Workspace

logger = logging.getLogger(__name__)

OUTPUTS = "outputs"


def upload_results(
    workspace: Workspace, recovery_id: str | None, files: Sequence[str], note: Path
) -> None:
    """Put files of the working directory among those of the run EXPERIMENT:RUN, and note it in a file.

    A file that the run has already stays as it is there: the service keeps the first version of each.
    Results without a run in AzureML stay here.

    Raises:
        WorkspaceError: the run is not there, or the workspace refuses.
    """
    count = 0
    if recovery_id is None:
        logger.info("No run in AzureML belongs to these results; they are not uploaded.")
    else:
        _, run_id = named_run(recovery_id)
        there = set(workspace.list_files(run_id, f"{OUTPUTS}/"))
        new = {file: place for file in files if (place := place_in_run(file)) not in there}
        count = len(new)
        if new:
            _upload(workspace, run_id, new)
        logger.info(
            "Uploaded %d results to the run %s, which has %d of them already.",
            count,
            recovery_id,
            len(files) - count,
        )
    content = {"run": recovery_id, "uploaded": count}
    note.write_text(json.dumps(content) + "\n", encoding="utf-8")


def place_in_run(file: str) -> str:
    """Return where a run has a file of the working directory: all are below `outputs/`."""
    path = Path(file)
    inner = path.relative_to(path.anchor) if path.is_absolute() else path
    return (inner if inner.parts[0] == OUTPUTS else Path(OUTPUTS) / inner).as_posix()


def _upload(workspace: Workspace, run_id: str, places: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for file, place in places.items():
            target = Path(folder, place)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(Path(file).resolve(), target)
            except OSError:
                shutil.copyfile(file, target)
        workspace.upload_folder(run_id, OUTPUTS, Path(folder, OUTPUTS))
