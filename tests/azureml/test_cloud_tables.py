"""The table of a data set in the cloud is here when the Snakefile needs it, and not one image is fetched."""

import csv
import logging
import shutil
from pathlib import Path

import pytest
from snakemake_interface_common.exceptions import WorkflowError

from innereye import names
from innereye.data.cloud_listing import listed_files
from snakemake_executor_plugin_azureml import cloud_tables
from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.call_options import options_of_call
from snakemake_executor_plugin_azureml.cloud_tables import fetch_for_call, fetch_table
from snakemake_executor_plugin_azureml.workspace import NotFoundError

TABLE = "dataset.csv"
NONE = Patience(tries=1)
FILES = {
    TABLE: "subject,filePath,channel\n1,1/ct.nii.gz,ct\n",
    "1/ct.nii.gz": "voxels",
    "2/é.nii": "",
}


@pytest.fixture
def container(emulator):
    """The container of data sets, with the data set `livers` and another whose name begins like it."""
    folder = emulator.state.blob_path("datasets")
    for name, text in {**FILES, "other.txt": "x"}.items():
        path = folder / ("livers2" if name == "other.txt" else "livers") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def fetch(container, tmp_path):
    """Fetch the table of a data set into the folder `copy`, as each call of snakemake does."""
    options = options_of_call()
    workspace = connect(options)

    def fetched(data_set_id="livers", table=TABLE) -> Path:
        fetch_table(workspace, options, data_set_id, tmp_path / "copy", table)
        return tmp_path / "copy"

    return fetched


def downloads(emulator):
    """Return the files that were fetched from the container of data sets, oldest first."""
    found = [
        path for kind, method, path, _ in emulator.requests if (kind, method) == ("blob", "GET")
    ]
    return [path.partition("datasets/")[2] for path in found if "datasets/" in path]


def test_the_table_and_a_list_of_all_files_arrive_and_no_image(fetch, emulator):
    folder = fetch()
    assert (folder / TABLE).read_text() == FILES[TABLE]
    with (folder / cloud_tables.FILES_CSV).open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["path"]: int(row["size"]) for row in rows} == {
        name: len(text.encode()) for name, text in FILES.items()
    }
    assert downloads(emulator) == [f"livers/{TABLE}"]


def test_innereye_reads_the_list(fetch):
    assert cloud_tables.FILES_CSV == names.CLOUD_FILES_CSV
    states = listed_files(fetch())
    assert states.keys() == FILES.keys()
    assert states["1/ct.nii.gz"].identity.startswith("6-")
    assert '"' not in states["1/ct.nii.gz"].identity
    assert states["1/ct.nii.gz"].mtime_ns > 10**18


def test_what_is_current_is_left_alone(fetch, emulator):
    folder = fetch()
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    fetch()
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert downloads(emulator) == [f"livers/{TABLE}"]


def test_a_changed_table_is_fetched_again_and_a_changed_image_is_listed(fetch, container, emulator):
    identity = listed_files(fetch())["1/ct.nii.gz"].identity
    (container / "livers/1/ct.nii.gz").write_text("others")
    (container / "livers" / TABLE).write_text("subject\n2\n")
    folder = fetch()
    assert (folder / TABLE).read_text() == "subject\n2\n"
    assert listed_files(folder)["1/ct.nii.gz"].identity != identity
    assert downloads(emulator) == [f"livers/{TABLE}"] * 2


def test_a_copy_that_was_lost_or_is_of_another_folder_is_fetched_again(fetch, container):
    (fetch() / TABLE).unlink()
    assert (fetch() / TABLE).read_text() == FILES[TABLE]
    shutil.copytree(container / "livers", container / "spleens")
    (container / "spleens" / TABLE).write_text("subject\n9\n")
    assert (fetch("spleens") / TABLE).read_text() == "subject\n9\n"


def test_a_table_of_another_name_or_deeper_is_found(fetch, container):
    (container / "livers/tables").mkdir()
    (container / "livers/tables/mine.csv").write_text("subject\n3\n")
    assert (fetch(table="tables/mine.csv") / "tables/mine.csv").read_text() == "subject\n3\n"


@pytest.mark.parametrize(
    ("data_set_id", "table", "sentence"),
    [
        (
            "kidneys",
            TABLE,
            "has no data set 'kidneys', and its datastore 'innereyedatasets' has no",
        ),
        ("livers", "none.csv", "has 3 files, but no none.csv.$"),
        ("livers", "DATASET.csv", "but no DATASET.csv. There is dataset.csv."),
        ("liver", TABLE, "has no data set 'liver'"),
    ],
)
def test_what_is_missing_is_said(fetch, data_set_id, table, sentence):
    with pytest.raises(NotFoundError, match=sentence):
        fetch(data_set_id, table)


def test_a_datastore_that_does_not_exist_is_said(fetch, monkeypatch, tmp_path):
    monkeypatch.setenv("SNAKEMAKE_AZUREML_DATASETS_DATASTORE", "nowhere")
    with pytest.raises(
        WorkflowError, match=r"no datastore 'nowhere'.*--azureml-datasets-datastore"
    ):
        fetch_for_call("livers", tmp_path / "copy", TABLE)


def test_a_refused_sign_in_and_missing_options_are_said_without_the_secret(
    container, monkeypatch, tmp_path
):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong-secret-of-mine")
    with pytest.raises(WorkflowError, match=r"data set 'livers'.*is read from the cloud") as caught:
        fetch_for_call("livers", tmp_path / "copy", TABLE)
    assert "wrong-secret-of-mine" not in str(caught.value)
    monkeypatch.delenv("SNAKEMAKE_AZUREML_WORKSPACE")
    with pytest.raises(WorkflowError, match="workspace is not stated"):
        fetch_for_call("livers", tmp_path / "copy", TABLE)


@pytest.fixture
def out_of_reach(monkeypatch):
    """A service that does not answer from now on."""

    def hide():
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens at the port `discard`

    return hide


def test_a_copy_serves_while_the_service_is_out_of_reach(
    container, tmp_path, out_of_reach, monkeypatch, caplog
):
    fetch_for_call("livers", tmp_path / "copy", TABLE)
    out_of_reach()
    with caplog.at_level(logging.WARNING):
        fetch_for_call("livers", tmp_path / "copy", TABLE, patience=NONE)
    assert "copy of" in caplog.text
    assert "what has changed since in the data set 'livers' is not seen" in caplog.text
    monkeypatch.setenv("SNAKEMAKE_AZUREML_WORKSPACE", "another-ws")
    with pytest.raises(WorkflowError):
        fetch_for_call("livers", tmp_path / "copy", TABLE, patience=NONE)


def test_without_a_copy_a_service_out_of_reach_ends_the_call(container, tmp_path, out_of_reach):
    out_of_reach()
    with pytest.raises(WorkflowError, match="read from the cloud before anything starts"):
        fetch_for_call("livers", tmp_path / "copy", TABLE, patience=NONE)
    assert not list(tmp_path.iterdir())


def test_half_a_copy_is_none(fetch, monkeypatch, tmp_path):
    folder = fetch()
    (folder / cloud_tables.SOURCE_JSON).write_text("{")
    assert not cloud_tables.is_copy_of(folder, options_of_call(), TABLE)
    (fetch() / cloud_tables.FILES_CSV).unlink()
    assert not cloud_tables.is_copy_of(folder, options_of_call(), TABLE)
    assert cloud_tables.is_copy_of(fetch(), options_of_call(), TABLE)
