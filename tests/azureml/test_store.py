"""Files go up once for each content, whatever they are called and whoever asks."""

import os

import pytest

from snakemake_executor_plugin_azureml.store import FileStore, LocalHashes, blob_name, sha256_of
from snakemake_executor_plugin_azureml.workspace import Mount
from workspace_calls import open_workspace

DATASTORE = "workspaceblobstore"


@pytest.fixture
def workspace(emulator):
    return open_workspace()


def store_of(workspace, tmp_path):
    return FileStore(workspace, DATASTORE, LocalHashes(tmp_path / "hashes.json"))


def write(tmp_path, **contents):
    files = {name: tmp_path / name for name in contents}
    for name, path in files.items():
        path.write_text(contents[name])
    return files


def uploads(emulator):
    return [request for request in emulator.requests if request[:2] == ("blob", "PUT")]


def test_equal_contents_go_up_once_and_names_do_not_matter(workspace, emulator, tmp_path):
    hashes = store_of(workspace, tmp_path).add(write(tmp_path, a="1", b="1", c="2"))
    assert hashes["a"] == hashes["b"] != hashes["c"]
    assert len(uploads(emulator)) == 2
    blobs = {
        f"blobs/{blob.path}"
        for blob in workspace.list_blobs(Mount(DATASTORE, "snakemake-azureml/blobs"))
    }
    assert blobs == {blob_name(hashes["a"]), blob_name(hashes["c"])}


def test_another_call_sends_only_what_is_new(workspace, emulator, tmp_path):
    files = write(tmp_path, a="1", b="2")
    store_of(workspace, tmp_path).add(files)
    before = len(uploads(emulator))
    (tmp_path / "b").write_text("3")
    store_of(workspace, tmp_path).add(files)
    assert len(uploads(emulator)) == before + 1


def test_what_goes_up_is_announced_and_told(workspace, tmp_path):
    told = []
    files = write(tmp_path, a="12345", b="123")

    def announce(total_bytes):
        told.append(total_bytes)
        return told.append

    store_of(workspace, tmp_path).add(files, announce)
    assert told[0] == sum(told[1:]) == 8
    store_of(workspace, tmp_path).add(files, announce)
    assert told[0] == sum(told[1:]) == 8


def test_a_hash_is_taken_again_when_size_or_time_has_changed(tmp_path):
    files = write(tmp_path, a="1")
    hashes = LocalHashes(tmp_path / "hashes.json")
    first = hashes.of(files)["a"]
    state = files["a"].stat()
    files["a"].write_text("2")
    os.utime(files["a"], ns=(state.st_atime_ns, state.st_mtime_ns))
    assert LocalHashes(tmp_path / "hashes.json").of(files)["a"] == first  # not looked into
    os.utime(files["a"], ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert LocalHashes(tmp_path / "hashes.json").of(files)["a"] == sha256_of(files["a"]) != first


def test_a_damaged_cache_costs_a_second_look_only(tmp_path):
    files = write(tmp_path, a="1")
    (tmp_path / "hashes.json").write_text("{ half")
    assert LocalHashes(tmp_path / "hashes.json").of(files)["a"] == sha256_of(files["a"])


def test_what_is_needed_to_go_on_is_forgotten_for_all_retries_of_a_job(workspace, tmp_path):
    store = store_of(workspace, tmp_path)
    file = write(tmp_path, a="1")["a"]
    for run in ("HD_1_0", "HD_1_1"):
        workspace.upload_blob(Mount(DATASTORE, f"snakemake-azureml/recovery/{run}/x"), file)
    store.forget_recovery("HD_1_0-r3")
    left = workspace.list_blobs(Mount(DATASTORE, "snakemake-azureml/recovery"))
    assert [blob.path for blob in left] == ["HD_1_1/x"]
