"""Files of datastores are listed, written and read whole; the right to do so is renewed."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from snakemake_executor_plugin_azureml.azureml_workspace.blobs import BLOCK
from snakemake_executor_plugin_azureml.azureml_workspace.datastores import container_of_record
from snakemake_executor_plugin_azureml.workspace import Mount, NotFoundError, WorkspaceError
from workspace_calls import asked, open_workspace, write_files

STORE = "workspaceblobstore"


@pytest.fixture
def workspace(emulator):
    return open_workspace()


def put(workspace, tmp_path, path, content=b"content"):
    file = tmp_path / "source"
    file.write_bytes(content)
    workspace.upload_blob(Mount(STORE, path), file)


@pytest.mark.parametrize("size", [0, 1, BLOCK, BLOCK + 1, 2 * BLOCK])
def test_a_file_comes_back_as_it_went(size, workspace, tmp_path):
    content = bytes(range(251)) * (size // 251 + 1)
    put(workspace, tmp_path, "a/b c/ä.bin", content[:size])
    workspace.download_blob(Mount(STORE, "a/b c/ä.bin"), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content[:size]


@pytest.mark.parametrize("size", [3, 2 * BLOCK + 3])
def test_progress_tells_every_byte_once(size, workspace, tmp_path):
    told = []
    (tmp_path / "source").write_bytes(bytes(size))
    workspace.upload_blob(Mount(STORE, "a"), tmp_path / "source", told.append)
    assert sum(told) == size


def test_a_file_is_written_over_an_older_one(workspace, tmp_path):
    for content in (b"first", b"second"):
        put(workspace, tmp_path, "a", content)
    workspace.download_blob(Mount(STORE, "a"), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"second"


@pytest.mark.parametrize("page_size", [1, 2, 5000])
def test_a_folder_lists_what_is_below_it(page_size, workspace, emulator):
    emulator.settings.blob_page_size = page_size
    folder = emulator.state.blob_path("datasets", "data")
    write_files(folder, {"dataset.csv": "a,b", "1/ct & pet.nii": "xyz", "1/ä.nii": ""})
    write_files(folder.with_name("data2"), {"other.csv": ""})
    found = workspace.list_blobs(Mount("innereyedatasets", "data"))
    assert {blob.path: blob.size for blob in found} == {
        "dataset.csv": 3,
        "1/ct & pet.nii": 3,
        "1/ä.nii": 0,
    }
    assert len({blob.etag for blob in found}) > 0
    assert all(datetime.now(UTC) - blob.modified < timedelta(hours=1) for blob in found)


def test_a_changed_file_has_another_etag(workspace, emulator, tmp_path):
    etags = set()
    for content in (b"first", b"other"):
        put(workspace, tmp_path, "x/a", content)
        etags |= {blob.etag for blob in workspace.list_blobs(Mount(STORE, "x"))}
    assert len(etags) == 2


@pytest.mark.parametrize("path", ["", "/"])
def test_the_root_lists_everything(path, workspace, tmp_path):
    put(workspace, tmp_path, "a/b")
    assert [blob.path for blob in workspace.list_blobs(Mount(STORE, path))] == ["a/b"]


def test_a_folder_is_taken_away_and_its_neighbours_are_not(workspace, tmp_path):
    for path in ("a/1", "a/b/2", "ab/3"):
        put(workspace, tmp_path, path)
    workspace.delete_blobs(Mount(STORE, "a"))
    assert workspace.list_blobs(Mount(STORE, "a")) == []
    assert [blob.path for blob in workspace.list_blobs(Mount(STORE, "ab"))] == ["3"]
    workspace.delete_blobs(Mount(STORE, "a"))


def test_a_folder_that_is_not_there_is_empty(workspace):
    assert workspace.list_blobs(Mount(STORE, "nothing")) == []


def test_a_file_or_a_datastore_that_is_not_there_is_named(workspace, tmp_path):
    with pytest.raises(NotFoundError, match=f"no file nothing in the datastore {STORE}"):
        workspace.download_blob(Mount(STORE, "nothing"), tmp_path / "back")
    with pytest.raises(NotFoundError, match="no datastore nowhere"):
        workspace.list_blobs(Mount("nowhere", ""))
    assert list(tmp_path.iterdir()) == []


def test_a_right_is_asked_for_once(workspace, emulator, tmp_path):
    for number in range(3):
        put(workspace, tmp_path, f"a/{number}")
    assert asked(emulator, "GET", f"/datastores/{STORE}") == 1


def test_a_right_that_has_run_out_is_renewed(workspace, emulator, tmp_path):
    put(workspace, tmp_path, "a")
    emulator.fail("PUT /azureml-blobstore", 403, service="blob")
    put(workspace, tmp_path, "b")
    assert asked(emulator, "GET", f"/datastores/{STORE}") == 2
    assert len(workspace.list_blobs(Mount(STORE, ""))) == 2


def test_a_right_that_does_not_hold_is_told(workspace, emulator, tmp_path):
    emulator.fail("PUT /azureml-blobstore", 403, times=None, service="blob")
    with pytest.raises(WorkspaceError, match=f"behind the datastore {STORE} refuses its key"):
        put(workspace, tmp_path, "a")


def test_signatures_never_reach_a_sentence(workspace, emulator, tmp_path):
    emulator.fail("PUT /azureml-blobstore", 400, times=None, service="blob")
    with pytest.raises(WorkspaceError) as caught:
        put(workspace, tmp_path, "a")
    assert "sig=" not in str(caught.value)


def record(**section):
    place = {"accountName": "acc", "containerName": "con", "endpoint": "core.windows.net"}
    return {
        "name": "mine",
        "dataStoreType": "AzureBlob",
        "azureStorageSection": place | section,
    }


def test_a_signature_is_made_from_an_account_key():
    key = b64encode(b"key").decode()
    container = container_of_record(record(credentialType="AccountKey", credential=key))
    right = parse_qs(container.right)
    assert container.address == "https://acc.blob.core.windows.net/con"
    assert right["sr"] == ["c"]
    assert set("rcwl") <= set(right["sp"][0])
    ends = datetime.fromisoformat(right["se"][0])
    assert ends > datetime.now(UTC) + timedelta(hours=12)
    assert key not in container.right


def test_a_signature_of_the_workspace_is_taken_as_it_is():
    container = container_of_record(record(credentialType="Sas", credential="?sv=1&sig=x%3D"))
    assert (
        container.url("a b/ü") == "https://acc.blob.core.windows.net/con/a%20b/%C3%BC?sv=1&sig=x%3D"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dataStoreType": "AzureFile"}, "of the kind AzureFile; allowed is AzureBlob"),
        ({}, "neither an account key nor a signature"),
    ],
)
def test_a_datastore_that_cannot_be_used_is_told(change, words):
    with pytest.raises(WorkspaceError, match=words):
        container_of_record(record(credentialType="None") | change)
