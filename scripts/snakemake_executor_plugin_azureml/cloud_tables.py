"""What can be known of a data set in the cloud without its images? Its table, and a list of its files."""

import csv
import io
import json
import logging
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from snakemake_interface_common.exceptions import WorkflowError

from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.call_options import options_of_call
from snakemake_executor_plugin_azureml.data_sets import data_set_mount
from snakemake_executor_plugin_azureml.options import Options, SettingsError
from snakemake_executor_plugin_azureml.workspace import (
    Blob,
    Mount,
    NotFoundError,
    TransientError,
    Workspace,
    WorkspaceError,
)

logger = logging.getLogger(__name__)

FILES_CSV = "files_in_cloud.csv"
SOURCE_JSON = "source.json"
# Somebody waits for each call of Snakemake, dry runs too.
NOT_LONG = Patience(tries=3)
COLUMNS = ("path", "size", "etag", "modified")


def fetch_for_call(
    data_set_id: str, folder: Path, table: str, *, patience: Patience = NOT_LONG
) -> None:
    """Bring the copy of a data set's table up to date, for the Snakefile that is being parsed.

    Where the service is out of reach, an earlier copy of the same workspace serves, with a warning.

    Raises:
        WorkflowError: the sign-in, the data set or its table is missing.
    """
    try:
        options = options_of_call()
        try:
            workspace = connect(options, patience=patience)
            fetch_table(workspace, options, data_set_id, folder, table)
        except TransientError as error:
            if not is_copy_of(folder, options, table):
                raise
            logger.warning(
                "%s The copy of %s from an earlier call is used; what has changed since in the data "
                "set '%s' is not seen.",
                error,
                folder / table,
                data_set_id,
            )
    except (WorkspaceError, SettingsError) as error:
        raise WorkflowError(
            f"The table of the data set '{data_set_id}' (azure_dataset_id) is read from the cloud "
            f"before anything starts, and that failed. {error}"
        ) from None


def fetch_table(
    workspace: Workspace, options: Options, data_set_id: str, folder: Path, table: str
) -> None:
    """Write a data set's table and `files_in_cloud.csv` into a folder; what is current stays as it is.

    `table` is the name of the table in the data set's folder. Nothing else is fetched.

    Raises:
        NotFoundError: there is no such data set, or it has no table.
    """
    mount = data_set_mount(workspace, options, data_set_id)
    blobs = sorted(files_of(workspace, options, data_set_id, mount), key=lambda blob: blob.path)
    found = table_among(blobs, mount, table)
    folder.mkdir(parents=True, exist_ok=True)
    source = source_of(options, mount, found)
    if not (folder / table).is_file() or read_source(folder) != source:
        (folder / SOURCE_JSON).unlink(missing_ok=True)  # until the new table is whole
        workspace.download_blob(replace(mount, path=f"{mount.path}/{table}"), folder / table)
    write_if_new(folder / FILES_CSV, csv_of(blobs))
    write_if_new(folder / SOURCE_JSON, json.dumps(source, indent=0))


def files_of(
    workspace: Workspace, options: Options, data_set_id: str, mount: Mount
) -> Sequence[Blob]:
    """Return the files of a data set; NotFoundError where there is none."""
    try:
        blobs = workspace.list_blobs(mount)
    except NotFoundError:
        raise NotFoundError(
            f"The workspace {options.workspace} has no datastore '{mount.datastore}'. Name the one "
            "with the data sets by --azureml-datasets-datastore."
        ) from None
    if not blobs:
        raise NotFoundError(
            f"The workspace {options.workspace} has no data set '{data_set_id}', and its datastore "
            f"'{mount.datastore}' has no folder '{mount.path}' with files. Correct azure_dataset_id, or "
            "upload the folder."
        )
    return blobs


def table_among(blobs: Sequence[Blob], mount: Mount, table: str) -> Blob:
    """Return the table of a data set; NotFoundError with what comes nearest where there is none."""
    for blob in blobs:
        if blob.path == table:
            return blob
    name = table.rpartition("/")[2].casefold()
    near = [blob.path for blob in blobs if blob.path.rpartition("/")[2].casefold() == name]
    hint = f" There is {near[0]}." if near else ""
    raise NotFoundError(
        f"The folder '{mount.path}' of the datastore '{mount.datastore}' has {len(blobs)} files, but no "
        f"{table}.{hint}"
    )


def source_of(options: Options, mount: Mount, table: Blob) -> dict[str, object]:
    """Return where a table comes from, and which version of it this is."""
    return {
        "subscription": options.subscription_id,
        "workspace": options.workspace,
        "datastore": mount.datastore,
        "path": mount.path,
        "table": table.path,
        "size": table.size,
        "etag": table.etag,
    }


def is_copy_of(folder: Path, options: Options, table: str) -> bool:
    """Does a folder hold a whole copy of a table of this workspace?"""
    source = read_source(folder)
    place = {
        "subscription": options.subscription_id,
        "workspace": options.workspace,
        "table": table,
    }
    files = [folder / table, folder / FILES_CSV]
    return place.items() <= source.items() and all(path.is_file() for path in files)


def read_source(folder: Path) -> dict[str, object]:
    """Return what an earlier call noted beside its copy; nothing where that is not whole."""
    with suppress(FileNotFoundError, ValueError, TypeError):
        return dict(json.loads((folder / SOURCE_JSON).read_text(encoding="utf-8")))
    return {}


def csv_of(blobs: Sequence[Blob]) -> str:
    """Return the list of files as a table; times are in UTC."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for blob in blobs:
        writer.writerow((blob.path, blob.size, blob.etag, blob.modified.isoformat()))
    return text.getvalue()


def write_if_new(path: Path, text: str) -> None:
    """Write a file whole or not at all; one that has this text already keeps its time."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        temporary = Path(folder, path.name)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
