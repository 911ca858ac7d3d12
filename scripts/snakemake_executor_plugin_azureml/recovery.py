"""Which checkpoints has an earlier run left, and how are they fetched?

A finished run has them among its files. Of one that failed, or still runs, they lie in the folder that
it keeps while it trains: each `*.set.json` there lists the files of one moment by place and hash.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from snakemake_executor_plugin_azureml.families import Family
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.store import STORE, recovery_name
from snakemake_executor_plugin_azureml.workspace import Mount, Run, Workspace, WorkspaceError

# Not those of packed models, which are copies under other names.
_CHECKPOINT = re.compile(r"outputs/(?!.*\bfinal_)(.*/)?checkpoints/(?P<name>[^/]+\.ckpt)")
SET_OF_FILES = ".set.json"


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one run, oldest first; `fetch` brings one of them to a place."""

    run: str
    paths: Sequence[str]
    fetch: Callable[[str, Path], None]


def earlier_checkpoints(
    workspace: Workspace, options: Options, family: Family, fold: int
) -> Checkpoints:
    """Return the checkpoints of the newest try of a fold that has some; of the run for fold -1.

    Raises:
        WorkspaceError: no try has left one.
    """
    tries = family.tries(fold)
    for run in tries:
        paths = oldest_first(workspace.list_files(run.run_id, "outputs/"))
        if paths:
            return Checkpoints(run.recovery_id, paths, partial(workspace.download_file, run.run_id))
    if kept := kept_checkpoints(workspace, options, tries[0]):
        return kept
    raise WorkspaceError(
        f"The run {tries[0].recovery_id} ({tries[0].service_status}) has no checkpoints among its "
        "files, and none are kept of its training."
    )


def kept_checkpoints(workspace: Workspace, options: Options, run: Run) -> Checkpoints | None:
    """Return what is kept of a training that has not ended; None where there is nothing."""
    datastore = options.datastore or next(iter(workspace.datastores()))
    folder = Mount(datastore, f"{STORE}/{recovery_name(run.run_id)}")
    blobs = workspace.list_blobs(folder)
    sets = sorted((blob.modified, blob.path) for blob in blobs if blob.path.endswith(SET_OF_FILES))
    if not sets:
        return None
    newest = f"{folder.path}/{sets[-1][1]}"
    files = _files_of_set(workspace, Mount(datastore, newest))
    places = {
        place: f"{newest.rpartition('/')[0]}/{digest}.file" for place, digest in files.items()
    }

    def fetch(place: str, target: Path) -> None:
        workspace.download_blob(Mount(datastore, places[place]), target)

    paths = oldest_first(f"outputs/{place}" for place in places)
    return Checkpoints(run.recovery_id, [place.removeprefix("outputs/") for place in paths], fetch)


def _files_of_set(workspace: Workspace, place: Mount) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "set.json")
        workspace.download_blob(place, target)
        return dict(json.loads(target.read_text(encoding="utf-8"))["files"])


def oldest_first(paths: Iterable[str]) -> list[str]:
    """Return the checkpoints among the files of a run: those of epochs by number, then the last one.

    Checkpoints for recovery (`autosave`) are those of the last moment.
    """
    found = [path for path in paths if _CHECKPOINT.fullmatch(path)]
    return sorted(found, key=_age)


def _age(path: str) -> tuple[int, str]:
    name = path.rpartition("/")[2]
    epoch = re.fullmatch(r"epoch_(\d+)\.ckpt", name)
    return (int(epoch[1]), name) if epoch else (10**9, name)
