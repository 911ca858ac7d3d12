"""What goes up of a folder, and how the user is told."""

import io
from pathlib import Path

import pytest

from snakemake_executor_plugin_azureml.data_sets import UploadProgress, local_files, size_warning
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

GB = 10**9


class Terminal(io.StringIO):
    """A stream that people look at."""

    def isatty(self) -> bool:
        return True


def make_files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def names_of(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in local_files(folder)]


def test_all_files_go_up_but_hidden_ones(tmp_path):
    make_files(tmp_path, "dataset.csv", "10/ct.nii.gz", "2/a/b.nii.gz")
    make_files(tmp_path, ".git/config", ".snakemake/log", "2/.DS_Store")
    assert names_of(tmp_path) == ["10/ct.nii.gz", "2/a/b.nii.gz", "dataset.csv"]


def test_links_are_followed_and_none_leads_in_a_circle(tmp_path):
    make_files(tmp_path, "disk/1/ct.nii.gz", "data/dataset.csv")
    for name in ("one", "same"):
        (tmp_path / "data" / name).symlink_to(tmp_path / "disk" / "1")
    (tmp_path / "disk" / "1" / "up").symlink_to(tmp_path / "disk")
    (tmp_path / "data" / "self").symlink_to(tmp_path / "data")
    found = names_of(tmp_path / "data")
    assert {"dataset.csv", "one/ct.nii.gz", "same/ct.nii.gz"} <= set(found)
    assert len(found) < 10


def test_the_folder_may_be_a_link_itself(tmp_path):
    make_files(tmp_path, "disk/dataset.csv")
    (tmp_path / "data").symlink_to("disk")
    assert names_of(tmp_path / "data") == ["dataset.csv"]


@pytest.mark.parametrize(("name", "words"), [("none", "does not exist"), ("empty", "has no files")])
def test_a_folder_with_nothing_to_upload_is_told(tmp_path, name, words):
    (tmp_path / "empty").mkdir()
    with pytest.raises(WorkspaceError, match=f"{name} of the data set {words}"):
        local_files(tmp_path / name)


def test_only_more_than_the_limit_is_warned_of():
    assert size_warning(10 * GB, 10 * GB) is None
    warning = size_warning(12 * GB + 1, 10 * GB)
    assert warning is not None
    assert warning.startswith("12.0 GB go up to AzureML, more than 10 GB.")


def test_progress_shows_one_line_now_and_then_and_the_end():
    stream, times = Terminal(), iter([0, 0.1, 0.9, 1])
    progress = UploadProgress("data", 4 * GB, stream=stream, clock=lambda: next(times))
    for _ in range(4):
        progress(GB)
    lines = stream.getvalue().split("\r")[1:]
    shares = [line.split("]")[1].strip() for line in lines]
    assert shares == ["25 % of 4.00 GB", "75 % of 4.00 GB", "100 % of 4.00 GB"]
    assert lines[1].startswith("Uploading data [######################        ]")
    assert stream.getvalue().endswith("\n")


def test_bytes_that_are_sent_again_pass_the_end_once():
    stream = Terminal()
    progress = UploadProgress("data", 100, stream=stream, clock=lambda: 0.0)
    for _ in range(4):
        progress(60)
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().endswith("100 % of 0.00 GB\n")


def test_where_nobody_looks_nothing_is_shown():
    stream = io.StringIO()
    UploadProgress("data", 100, stream=stream)(100)
    assert stream.getvalue() == ""
