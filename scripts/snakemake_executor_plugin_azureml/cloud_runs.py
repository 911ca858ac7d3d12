"""What has a finished run in the cloud scored? Its tables come into a folder that looks like a run's.

Tables of scores, of the data set and of the epochs are fetched, once: volumes, pictures and checkpoints
are not. A cross-validation gets its folds and its ensemble below CrossValResults. Runs of InnerEye
itself are read as well.
"""

import logging
import re
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from snakemake_interface_common.exceptions import WorkflowError

from snakemake_executor_plugin_azureml.families import Family, family_of, named_run
from snakemake_executor_plugin_azureml.names import fold_of_child
from snakemake_executor_plugin_azureml.options import SettingsError
from snakemake_executor_plugin_azureml.record import FOLDER
from snakemake_executor_plugin_azureml.workspace import (
    NotFoundError,
    Run,
    Status,
    Workspace,
    WorkspaceError,
)

logger = logging.getLogger(__name__)

FETCHED_RUNS = FOLDER / "runs"
CROSSVAL_RESULTS = "CrossValResults"
SCORES = "metrics.csv"
DOWNLOADS_AT_ONCE = 8
# Where a fold or the ensemble lies: in ours, and in runs of InnerEye itself.
_MEMBER = re.compile(
    rf"(?:.*/)?(?:{CROSSVAL_RESULTS}|OTHER_RUNS)/(?P<member>\d+|ENSEMBLE)/(?P<rest>.+)"
)
_TABLE = re.compile(
    r"(?P<root>(?:[^/]+/)*?)"
    r"(?P<rest>((epoch_\d{3,}|best_validation_epoch)/)?((Train|Val|Test)/)?"
    r"((surface_|epoch_)?metrics|(train_|val_|test_)?dataset)\.csv|args\.txt|reported_epoch\.json)"
)


@dataclass(frozen=True)
class Table:
    """A file of a run that is fetched; `member` is the fold, or ENSEMBLE, that it belongs to."""

    run_id: str
    path: str
    root: str
    rest: str
    member: str

    @property
    def place(self) -> str:
        """Where it goes below the folder of the run."""
        return f"{CROSSVAL_RESULTS}/{self.member}/{self.rest}" if self.member else self.rest


def fetch_run_for_call(recovery_id: str, folder: Path = FETCHED_RUNS) -> Path:
    """Return the folder with the tables of a run, for the Snakefile that is being parsed.

    Raises:
        WorkflowError: sign-in or workspace fail, or the run has no results.
    """
    from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect  # noqa: PLC0415
    from snakemake_executor_plugin_azureml.call_options import options_of_call  # noqa: PLC0415

    try:
        _, run_id = named_run(recovery_id)
        if (folder / run_id).is_dir():
            return folder / run_id
        return fetch_run(connect(options_of_call()), recovery_id, folder)
    except (WorkspaceError, SettingsError) as error:
        raise WorkflowError(f"The results of {recovery_id} cannot be fetched. {error}") from None


def fetch_run(workspace: Workspace, recovery_id: str, folder: Path = FETCHED_RUNS) -> Path:
    """Fetch the tables of the run EXPERIMENT:RUN, unless they are here; return their folder.

    Raises:
        WorkspaceError: there is no such run, it has not ended, or there are no scores of it.
    """
    _, run_id = named_run(recovery_id)
    target = folder / run_id
    if target.is_dir():
        return target
    family = family_of(workspace, recovery_id)
    require_finished(family)
    tables = tables_of(workspace, family)
    require_scores(family, tables)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".part.") as part:
        whole = Path(part, run_id)

        def download(table: Table) -> None:
            workspace.download_file(table.run_id, table.path, whole / table.place)

        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            list(pool.map(download, tables.values()))
        whole.rename(target)  # a folder that is here is whole
    logger.info("Fetched %d tables of %s into %s.", len(tables), recovery_id, target)
    return target


def require_finished(family: Family) -> None:
    """Refuse a run that goes on.

    Raises:
        WorkspaceError: its state.
    """
    run = family.run
    if run.status is Status.ALIVE:
        raise WorkspaceError(
            f"The run {run.recovery_id} has not ended ({run.service_status}); results are compared when "
            "it has. Where nobody works on it any more, call Snakemake again with the command that "
            "started it."
        )


def tables_of(workspace: Workspace, family: Family) -> dict[str, Table]:
    """Return the tables of a run and of those below it, by place; the run's own come first."""
    found: dict[str, Table] = {}
    for run in (family.run, *family.children):
        for table in own_tables(run, workspace.list_files(run.run_id, "outputs/")):
            found.setdefault(table.place, table)
    members = {table.member for table in found.values()}
    if not family.children and len(members) == 1:  # one fold alone is a run like any other
        return {table.rest: _alone(table) for table in found.values()}
    return found


def own_tables(run: Run, paths: list[str]) -> list[Table]:
    """Return the tables among the files of one run.

    What lies deeper than the run's own, such as copies of the scores of earlier runs, is left out.
    """
    fold = fold_of_child(run.run_id)
    tables = []
    for path in paths:
        inner = path.removeprefix("outputs/")
        member = _MEMBER.fullmatch(inner)
        if found := _TABLE.fullmatch(member["rest"] if member else inner):
            name = member["member"] if member else "" if fold is None else str(fold)
            tables.append(Table(run.run_id, path, found["root"], found["rest"], name))
    roots: dict[str, str] = {}
    for table in tables:
        known = roots.setdefault(table.member, table.root)
        roots[table.member] = min(known, table.root, key=len)
    return [table for table in tables if table.root == roots[table.member]]


def require_scores(family: Family, tables: Mapping[str, Table]) -> None:
    """Refuse a run without scores, and a cross-validation that misses those of a fold.

    Raises:
        NotFoundError: what is missing.
    """
    scored = {table.member for table in tables.values() if table.rest.endswith(f"/{SCORES}")}
    missing = [fold for fold in family.folds if str(fold) not in scored]
    if not scored:
        raise NotFoundError(f"The run {family.run.recovery_id} has no {SCORES} among its files.")
    if missing and (len(missing) < len(family.folds) or "" not in scored):
        listed = ", ".join(map(str, missing))
        raise NotFoundError(
            f"The cross-validation {family.run.recovery_id} has no {SCORES} of fold {listed}."
        )


def _alone(table: Table) -> Table:
    return Table(table.run_id, table.path, table.root, table.rest, "")
