"""Files of a run come and go whole."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from snakemake_executor_plugin_azureml.workspace import NotFoundError, WorkspaceError
from workspace_calls import asked, ended_run, open_workspace, write_files

FILES = {
    "outputs/a.csv": "a,b\n",
    "outputs/run 1/ä+ö.txt": "odd names",
    "outputs/empty": b"",
    "outputs/large.bin": bytes(range(256)) * 50_000,
    "user_logs/std_log.txt": "printed",
}


@pytest.fixture
def workspace(emulator):
    ended_run(emulator, "one")
    write_files(emulator.state.run_folder("one"), FILES)
    return open_workspace()


@pytest.mark.parametrize("page_size", [1, 100])
def test_all_files_are_listed(page_size, workspace, emulator):
    emulator.settings.page_size = page_size
    assert workspace.list_files("one") == sorted(FILES)
    assert workspace.list_files("one", "outputs/r") == ["outputs/run 1/ä+ö.txt"]


def test_a_run_without_files_lists_none(workspace, emulator):
    ended_run(emulator, "two")
    assert workspace.list_files("two") == []


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_file_arrives_as_it_was_written(path, workspace, tmp_path):
    wanted = FILES[path]
    workspace.download_file("one", path, tmp_path / "below" / "it")
    assert (tmp_path / "below" / "it").read_bytes() == (
        wanted if isinstance(wanted, bytes) else wanted.encode()
    )


@pytest.mark.parametrize("listed", [True, False])
def test_a_file_that_does_not_arrive_is_named_and_leaves_nothing(
    listed, workspace, emulator, tmp_path
):
    with (
        emulator.withhold("one/outputs/a.csv", listed=listed),
        pytest.raises(NotFoundError, match=r"no file outputs/a.csv of run one"),
    ):
        workspace.download_file("one", "outputs/a.csv", tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_fetched_anew_and_then_given_up(workspace, emulator, tmp_path):
    target = tmp_path / "a.csv"
    with pytest.MonkeyPatch.context() as patched, pytest.raises(WorkspaceError, match="damaged"):
        from azureml_emulator import blobs

        patched.setattr(blobs, "md5_of", lambda data: "AAAAAAAAAAAAAAAAAAAAAA==")
        workspace.download_file("one", "outputs/a.csv", target)
    assert asked(emulator, "GET", "/outputs/a.csv") == 4  # an address and a fetch, twice
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_until_the_new_one_is_whole(workspace, emulator, tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("old")
    with emulator.withhold("one/outputs/a.csv"), pytest.raises(NotFoundError):
        workspace.download_file("one", "outputs/a.csv", target)
    assert target.read_text() == "old"
    workspace.download_file("one", "outputs/a.csv", target)
    assert target.read_text() == FILES["outputs/a.csv"]


def test_a_folder_becomes_files_of_the_run(workspace, tmp_path):
    folder = write_files(
        tmp_path / "model", {"a.txt": "a", "checkpoints/b.ckpt": b"\0\1", "e": b""}
    )
    workspace.upload_folder("one", "final_model", folder)
    names = [f"final_model/{name}" for name in ("a.txt", "checkpoints/b.ckpt", "e")]
    assert workspace.list_files("one", "final_model/") == names
    workspace.download_file("one", names[1], tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"\0\1"


def test_a_folder_may_be_uploaded_twice(workspace, tmp_path):
    folder = write_files(tmp_path / "model", {"a.txt": "first"})
    workspace.upload_folder("one", "final_model", folder)
    write_files(folder, {"a.txt": "second"})
    workspace.upload_folder("one", "final_model", folder)
    workspace.download_file("one", "final_model/a.txt", tmp_path / "back")
    assert (tmp_path / "back").read_text() == "second"


def test_many_threads_fetch_at_once(workspace, tmp_path):
    begin = threading.Barrier(8)

    def fetch(number):
        begin.wait()
        workspace.download_file("one", "outputs/large.bin", tmp_path / str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fetch, range(8)))
    wanted = FILES["outputs/large.bin"]
    assert all((tmp_path / str(number)).read_bytes() == wanted for number in range(8))
